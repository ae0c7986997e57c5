import type { IncidentChange } from '@ringwatch/incident';
import { Counter, Gauge, Histogram } from 'prom-client';

/** Every metric that the detector has. Labels come from closed lists. */
export const metrics = {
  runSeconds: new Histogram({
    name: 'ringwatch_detector_run_seconds',
    help: 'Seconds of work for one portion of closed arrival time.',
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  }),
  decidedUntil: new Gauge({
    name: 'ringwatch_decided_timestamp_seconds',
    help: 'Arrival time up to which everything is decided.',
  }),
  behindSeconds: new Gauge({
    name: 'ringwatch_detector_behind_seconds',
    help: 'Closed arrival time that is not decided yet.',
  }),
  watchedUpdates: new Gauge({ name: 'ringwatch_watched_updates', help: 'Updates under watch.' }),
  openIncidents: new Gauge({
    name: 'ringwatch_open_incidents',
    help: 'Incidents that are not resolved, by severity.',
    labelNames: ['severity'] as const,
  }),
  changes: new Counter({
    name: 'ringwatch_incident_changes_total',
    help: 'Changes of incidents that were decided, by kind. A repeated decision counts again.',
    labelNames: ['change'] as const,
  }),
  actions: new Counter({
    name: 'ringwatch_incident_actions_total',
    help: 'What people did with incidents, by action and what became of it. A repeated decision counts again.',
    labelNames: ['action', 'outcome'] as const,
  }),
};

export function countIncidents(incidents: Iterable<IncidentChange>): void {
  const open = { sev1: 0, sev2: 0, sev3: 0 };
  for (const { state, severity } of incidents) if (state !== 'resolved') open[severity]++;
  for (const [severity, count] of Object.entries(open)) metrics.openIncidents.set({ severity }, count);
}
