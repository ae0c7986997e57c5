import type { BacktestResult } from '@ringwatch/backtest';
import { table } from './output';

/** What a person reads at the end: each incident in one line, and what became of the lines. */
export function describeBacktest(result: BacktestResult, seconds: number): string {
  const { incidents, lines, ticks, ticksLookedAt } = result;
  const found = incidents.length === 0 ? 'no incident\n' : table(incidentColumns, incidents.map(incidentRow));
  const counts = Object.entries(lines).map(([topic, { taken, refused, duplicates, outOfOrder }]) => [
    topic,
    taken + refused,
    refused,
    duplicates,
    outOfOrder,
  ]);
  const read = table(['file', 'lines', 'refused', 'duplicates', 'out of order'], counts);
  const events = Object.values(lines).reduce((sum, { taken }) => sum + taken, 0);
  const pace = Math.round(events / Math.max(0.001, seconds));
  const end = `${ticks} ticks of arrival time, ${ticksLookedAt} looked at; ${seconds.toFixed(1)} s, ${pace} events/s\n`;
  return `\n${found}\n${read}\n${end}`;
}

const incidentColumns = [
  'incident',
  'opened at',
  'severity',
  'scope',
  'suspect',
  'confidence',
  'crashed',
  'exposed',
  'state',
];

function incidentRow(last: BacktestResult['incidents'][number]): Array<string | number> {
  const { suspect, evidence } = last;
  return [
    last.incident_id,
    last.opened_at,
    last.severity,
    last.scope,
    `${suspect.update_channel} ${suspect.update_version}`.trim() || suspect.driver,
    suspect.confidence.toFixed(3),
    evidence.crashed_hosts,
    evidence.exposed_hosts,
    last.state,
  ];
}
