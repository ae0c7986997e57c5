import { RandomSource } from '@ringwatch/fleet';
import { EvidenceBatch, Watch, defaultPolicy, measure } from '@ringwatch/detection';
import { classes } from '../classes';
import { Arrivals, emptyBatch } from '../world/evidence';

/** How many shuffles gave the same figures, to the bit, as the order in which all came. */
export interface Shuffles {
  shuffles: number;
  equal: number;
}

/** Of so many updates, the guilty one first: each shuffle weighs all of their evidence anew. */
const SHIPMENTS = 4;

const kinds = Object.keys(emptyBatch()) as Array<keyof EvidenceBatch>;

/** The evidence of one guilty run in any order and any portions: what is known at the end may not depend on it. */
export function playShuffles(seed: number, shuffles: number): Shuffles {
  const guilty = classes.find(({ number }) => number === '10')!;
  const whole = guilty.plan({ random: new RandomSource(`shuffles/${seed}`), turn: 0, beyond: true });
  const plan = { ...whole, shipments: whole.shipments.slice(0, SHIPMENTS) };
  const arrivals = new Arrivals(plan);
  arrivals.cause(plan.starts, plan.starts + 25 * 60_000);
  const batches = [...arrivals.takeUntil(plan.ends)].map(([, batch]) => batch);
  const first = batches.map(({ updates }) => updates).flat();
  const rows = batches.flatMap((batch) =>
    kinds
      .filter((kind) => kind !== 'updates')
      .flatMap((kind) => (batch[kind] as object[]).map((row) => ({ kind, row }))),
  );
  const inOrder = figuresOf(first, [rows]);
  const random = new RandomSource(`shuffles/${seed}/orders`);
  let equal = 0;
  for (let shuffle = 0; shuffle < shuffles; shuffle++) {
    const mixed = shuffled(rows, random);
    const cuts = Array.from({ length: random.below(8) }, () => random.below(mixed.length)).sort((a, b) => a - b);
    const portions = [0, ...cuts].map((from, index) => mixed.slice(from, cuts[index] ?? mixed.length));
    if (figuresOf(first, portions) === inOrder) equal++;
  }
  return { shuffles, equal };
}

type Row = { kind: keyof EvidenceBatch; row: object };

function figuresOf(updates: EvidenceBatch['updates'], portions: ReadonlyArray<readonly Row[]>): string {
  const watch = new Watch(defaultPolicy);
  watch.absorb({ ...emptyBatch(), updates });
  for (const portion of portions) {
    const batch = emptyBatch();
    for (const { kind, row } of portion) (batch[kind] as object[]).push(row);
    watch.absorb(batch);
  }
  const keys = [...watch.updates.keys()].sort();
  return JSON.stringify(keys.map((key) => measure(watch.updates.get(key)!, defaultPolicy)));
}

function shuffled<Item>(items: readonly Item[], random: RandomSource): Item[] {
  const mixed = [...items];
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [mixed[last], mixed[other]] = [mixed[other]!, mixed[last]!];
  }
  return mixed;
}
