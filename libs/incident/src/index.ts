export { REVIEW_EVERY_MS, decide } from './decide';
export type { Incidents } from './decide';
export { evidenceSchema, incidentChangeSchema, suspectSchema } from './incident-change';
export type { Evidence, EvidenceTerm, IncidentChange, IncidentState, Severity, Suspect } from './incident-change';
export { incidentIdOf } from './incident-id';
