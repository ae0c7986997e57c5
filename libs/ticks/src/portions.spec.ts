import { REVIEW_EVERY_MS } from '@ringwatch/incident';
import { type ArrivedEvidence, TICK_MS, portions } from './portions';

const START = Date.parse('2024-07-19T04:00:00Z');
const kinds = [
  'updates',
  'actions',
  'applied',
  'eligible',
  'crashes',
  'hostApplies',
  'hostChannels',
  'incidentActions',
] as const;
const deciding = new Set<string>(['updates', 'actions', 'crashes', 'hostApplies', 'incidentActions']);

/** Only the arrival time of a row matters here; `name` tells rows apart. */
interface Row {
  name: string;
  receivedAt: number;
}

/** Rows of every kind in no order, by milliseconds after the start; eligible hosts are counted by the full minute. */
function evidence(times: readonly number[]): ArrivedEvidence {
  const rowsOf = (kind: string): Row[] =>
    times.map((time, index) => {
      const receivedAt = START + time;
      const counted = kind === 'eligible' ? Math.floor(receivedAt / REVIEW_EVERY_MS) * REVIEW_EVERY_MS : receivedAt;
      return { name: `${kind}-${index}`, receivedAt: counted };
    });
  return Object.fromEntries(kinds.map((kind) => [kind, rowsOf(kind)])) as unknown as ArrivedEvidence;
}

function rowsOf(batch: ArrivedEvidence): Array<Row & { kind: string }> {
  return kinds.flatMap((kind) => (batch[kind] as unknown as Row[]).map((row) => ({ ...row, kind })));
}

/** The tick at which each row is taken, for a span that is cut at the borders given. */
function takenAt(all: ArrivedEvidence, borders: readonly number[]): Map<string, number> {
  const taken = new Map<string, number>();
  const cuts = borders.map((border) => START + border);
  for (let part = 1; part < cuts.length; part++) {
    const [from, until] = [cuts[part - 1]!, cuts[part]!];
    // As the loader reads: what arrived in the span, and counted hosts by the full minutes that ended in it.
    const isIn = ({ receivedAt, kind }: Row & { kind: string }) => {
      const known = kind === 'eligible' ? receivedAt + REVIEW_EVERY_MS : receivedAt;
      return kind === 'eligible' ? known > from && known <= until : known >= from && known < until;
    };
    const names = new Set(
      rowsOf(all)
        .filter(isIn)
        .map(({ name }) => name),
    );
    const read = kinds.map((kind) => [kind, (all[kind] as unknown as Row[]).filter(({ name }) => names.has(name))]);
    for (const { tick, batch } of portions(Object.fromEntries(read) as unknown as ArrivedEvidence, from, until)) {
      for (const { name } of rowsOf(batch)) {
        expect(taken.has(name)).toBe(false);
        taken.set(name, tick);
      }
    }
  }
  return taken;
}

const MINUTE = 60_000;
const times = [0, 1, 999, 1_000, 1_001, 59_999, 60_000, 60_001, 61_500, 119_000, 150_250, 299_999, 12_345, 200_000];

describe('the portions of a span', () => {
  const all = evidence(times);

  it('hold each row once, at the first tick after its arrival or, where it only shifts a comparison, at the next one that decides', () => {
    const taken = takenAt(all, [0, 5 * MINUTE]);
    expect(taken.size).toBe(rowsOf(all).length);
    for (const { name, receivedAt, kind } of rowsOf(all)) {
      const tick = taken.get(name)!;
      if (kind === 'eligible') expect(tick).toBeGreaterThanOrEqual(receivedAt + REVIEW_EVERY_MS);
      else expect(tick).toBeGreaterThan(receivedAt);
      if (deciding.has(kind)) expect(tick).toBe((Math.floor(receivedAt / TICK_MS) + 1) * TICK_MS);
    }
  });

  it.each([
    [[0, 1_000, 2_000, 5 * MINUTE]],
    [[0, 60_000, 61_000, 119_000, 120_000, 200_000, 5 * MINUTE]],
    [Array.from({ length: 301 }, (_, second) => second * 1_000)],
  ])('give every deciding tick the same rows, however the span is cut', (borders) => {
    /** What has been taken by each tick at which something is decided in one go. */
    const whole = takenAt(all, [0, 5 * MINUTE]);
    const cut = takenAt(all, borders);
    expect(cut.size).toBe(whole.size);
    const ticks = new Set([...whole].filter(([name]) => deciding.has(name.split('-')[0]!)).map(([, tick]) => tick));
    for (let review = START + MINUTE; review <= START + 5 * MINUTE; review += MINUTE) ticks.add(review);
    const by = (taken: Map<string, number>, tick: number) =>
      [...taken]
        .filter(([, at]) => at <= tick)
        .map(([name]) => name)
        .sort();
    for (const tick of ticks) expect(by(cut, tick)).toEqual(by(whole, tick));
  });

  it.each(kinds.map((kind) => [kind, deciding.has(kind)] as const))(
    'have a tick of their own for a row of %s: %s',
    (kind, decides) => {
      const one = {
        ...evidence([]),
        [kind]: [{ name: 'one', receivedAt: START + 12_345 }],
      } as unknown as ArrivedEvidence;
      const ticks = [...portions(one, START, START + 50_000)].map(({ tick }) => tick - START);
      expect(ticks).toEqual(decides ? [13_000, 50_000] : [50_000]);
    },
  );

  it('review on every full minute and end with the span', () => {
    const from = START + 30_000;
    const ticks = [...portions(evidence([]), from, from + 3 * MINUTE)].map(({ tick }) => tick - START);
    expect(ticks).toEqual([60_000, 120_000, 180_000, 210_000]);
    expect([...portions(evidence([]), START, START + MINUTE)].map(({ tick }) => tick - START)).toEqual([60_000]);
  });

  it('take what arrived before the span, and is read for an update that is news, with the first tick', () => {
    const [first] = [...portions(evidence([-90 * MINUTE, -1]), START, START + MINUTE)];
    expect(first!.tick).toBe(START + TICK_MS);
    expect(rowsOf(first!.batch).map(({ name }) => name)).toEqual(
      kinds.flatMap((kind) => (kind === 'eligible' ? ['eligible-0', 'eligible-1'] : [`${kind}-0`, `${kind}-1`])),
    );
  });
});
