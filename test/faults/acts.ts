import type { Part, Row } from './act';
import { pointNames } from './points';
import { rowNamed } from './rows';

/** Names of rows with sizes, lane by lane. */
type Plan = Array<Record<string, number | undefined>>;

/**
 * What CI runs: every row once, in short form. Lanes of an act go on side by side on one log, each with a deployment of
 * ingest of its own, so that the long waits of one are the kills of another. Rows that touch what all share have no
 * neighbours.
 */
export const acts: Record<string, Plan> = {
  ingest: [
    { ...Object.fromEntries(pointNames.map((point) => [`kill-at-${point}`, 4])), 'kill-at-random': 4 },
    { zombie: undefined, 'rebalance-storm': 6 },
    {
      'partitions-added': undefined,
      'deaf-clickhouse': 1,
      'cut-requests': 2,
      'cut-answers': 2,
      'slow-clickhouse': 2,
      'cut-kafka': 2,
      'narrow-kafka': 2,
      'held-kafka': 2,
    },
  ],
  servers: [{ 'clickhouse-killed': 16, 'clickhouse-stopped': undefined, 'broker-killed': 1, 'broker-restarted': 2 }],
  inputs: [{ zstd: undefined, transactions: 6, 'group-rewound': undefined, 'group-deleted': undefined, idle: 3 }],
  order: [{ 'any-order': 3 }],
  retention: [{ retention: undefined }],
  recreation: [{ 'topic-recreated': undefined }],
  'unseen-recreation': [{ 'topic-recreated-unseen': undefined }],
  poison: [{ poison: undefined }],
  disk: [{ 'disk-full': 3 }],
};

/** The lanes of a plan without what cannot run here, and the rows that want a process of their own. */
export function playable(plan: Plan, say: (line: string) => void): { lanes: Part[][]; apart: Row[] } {
  const apart: Row[] = [];
  const lanes = plan.map((lane) =>
    Object.entries(lane).flatMap(([name, size]): Part[] => {
      const row = rowNamed(name);
      const reason = row.skip?.();
      if (reason) say(`${name} is skipped: ${reason}`);
      else if (row.ownMounts) apart.push(row);
      else return [{ row, size }];
      return [];
    }),
  );
  return { lanes: lanes.filter((lane) => lane.length > 0), apart };
}
