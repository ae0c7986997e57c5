/** What became of a message. */
export const fates = ['stored', 'duplicate', 'conflict', 'dead_letter', 'erased', 'expired'] as const;
export type Fate = (typeof fates)[number];

/**
 * What an audit can find wrong. Of the log: `missing` (a message without a trace), `other_content` (its row says something
 * else), `extra_row` (a row that no message explains), `refused_but_stored`, `erased_but_stored`, `letter_differs` (other
 * bytes in the table), `letter_not_in_topic`, `conflict` (the same id with other content, not settled yet). Of what is derived: `state_differs`, `rollup_differs`.
 */
export const findingKinds = [
  'missing',
  'other_content',
  'extra_row',
  'refused_but_stored',
  'erased_but_stored',
  'letter_differs',
  'letter_not_in_topic',
  'conflict',
  'state_differs',
  'rollup_differs',
] as const;
export type FindingKind = (typeof findingKinds)[number];

/** One thing that a person has to look at. Partition and offset are -1 where the finding is not of one message. */
export interface Finding {
  kind: FindingKind;
  /** A topic; of derived figures the table. */
  topic: string;
  partition: number;
  offset: number;
  detail: string;
}

/** How many messages had which fate. */
export type FateCounts = Record<Fate, number>;

export const noFates = (): FateCounts => ({
  stored: 0,
  duplicate: 0,
  conflict: 0,
  dead_letter: 0,
  erased: 0,
  expired: 0,
});
