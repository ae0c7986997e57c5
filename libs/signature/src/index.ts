export { signatureOf } from './signature';
export type { Failure, PartName, Signature, SignaturePart } from './signature';
export { driverOfSignature, driverName } from './driver';
export { subtypes } from './subtype-table';
