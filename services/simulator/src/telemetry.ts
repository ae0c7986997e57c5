import { FLEET_TOPICS, type FleetRecord } from '@ringwatch/fleet';
import { Counter, Gauge } from 'prom-client';

/** Every metric that the simulator has. Labels come from closed lists. */
export const metrics = {
  records: new Counter({
    name: 'ringwatch_simulator_records_total',
    help: 'Records that Kafka has acknowledged, by topic.',
    labelNames: ['topic'] as const,
  }),
  simulatedTime: new Gauge({
    name: 'ringwatch_simulator_simulated_timestamp_seconds',
    help: 'Arrival time up to which everything was sent, as shifted.',
  }),
  behind: new Gauge({
    name: 'ringwatch_simulator_behind_seconds',
    help: 'Wall-clock time by which the play is later than its speed asks for.',
  }),
};

export function countSlice(records: readonly FleetRecord[]): void {
  for (const topic of FLEET_TOPICS) {
    metrics.records.inc(
      { topic },
      records.reduce((count, record) => count + (record.topic === topic ? 1 : 0), 0),
    );
  }
}
