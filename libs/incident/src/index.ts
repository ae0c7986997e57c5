export { evidenceSchema, incidentChangeSchema, suspectSchema } from './incident-change';
export type { Evidence, EvidenceTerm, IncidentChange, IncidentState, Severity, Suspect } from './incident-change';
