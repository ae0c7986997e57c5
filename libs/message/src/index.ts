export { MAX_MESSAGE_BYTES, MAX_MESSAGE_DEPTH, decodeMessage } from './decode-message';
export { FieldReader } from './field-reader';
export { formatInstant, parseInstant } from './instant';
export type { JsonObject, JsonValue } from './json';
export { refuse } from './refusal';
export type { Refusal, RefusalReason } from './refusal';
