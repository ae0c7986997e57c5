import { defaultPolicy } from '@ringwatch/detection';
import { type Weighed, weighed } from '../suite/interval';
import { alphas, type NullKind, type Nulls } from '../suite/nulls';
import type { Known, NullUpdates } from '../suite/null-updates';
import type { Outcome } from '../suite/outcome';
import type { Done } from '../suite/job';

/** All that an evaluation gave. */
export class Results {
  readonly outcomes: Outcome[] = [];
  readonly nulls = new Map<NullKind, Nulls>();
  readonly nullUpdates: NullUpdates[] = [];
  readonly shuffles = { shuffles: 0, equal: 0 };

  add(done: Done): void {
    if (done.kind === 'run') this.outcomes.push(done.outcome);
    if (done.kind === 'nulls') this.addNulls(done.nulls);
    if (done.kind === 'null updates') this.nullUpdates.push(done.nulls);
    if (done.kind === 'shuffles') {
      this.shuffles.shuffles += done.shuffles.shuffles;
      this.shuffles.equal += done.shuffles.equal;
    }
  }

  of(...names: readonly string[]): Outcome[] {
    return this.outcomes.filter((outcome) => names.includes(outcome.class)).sort((a, b) => a.seed - b.seed);
  }

  /** Alarms on innocent updates of class 36. */
  alarmsOf(known: Known, { isTilted = true, alpha = defaultPolicy.alpha } = {}): Weighed {
    const these = this.nullUpdates.filter(
      (each) => each.known === known && each.isTilted === isTilted && each.alpha === alpha,
    );
    const sumOf = (of: (each: NullUpdates) => number) => these.reduce((sum, each) => sum + of(each), 0);
    return weighed(
      sumOf(({ updates }) => updates),
      sumOf(({ sum }) => sum),
      sumOf(({ sumOfSquares }) => sumOfSquares),
      sumOf(({ alarms }) => alarms),
    );
  }

  private addNulls({ kind, streams, passed, sumAtEnd, crashesAtEnd }: Nulls): void {
    const sum = this.nulls.get(kind) ?? { kind, streams: 0, passed: {}, sumAtEnd: 0, crashesAtEnd: 0 };
    for (const alpha of alphas) sum.passed[alpha] = (sum.passed[alpha] ?? 0) + passed[alpha]!;
    sum.streams += streams;
    sum.sumAtEnd += sumAtEnd;
    sum.crashesAtEnd += crashesAtEnd;
    this.nulls.set(kind, sum);
  }
}
