import {
  type ClickHouseClient,
  type DatedJudgement,
  noteAwakeHosts,
  noteBenignUpdates,
  noteJudgements,
  noteSample,
  noteSilences,
} from '@ringwatch/clickhouse';
import type { AwakeHosts, BenignUpdate, KeptSample, SilenceRound } from '@ringwatch/detection';

/**
 * What was concluded at ticks and has to be kept for a detector that starts anew. It is written a turn at once, before the turn
 * is noted as decided: a detector that starts anew before that concludes the same again.
 */
export class Notes {
  readonly awake: AwakeHosts[] = [];
  readonly silences: SilenceRound[] = [];
  readonly judgements: DatedJudgement[] = [];
  readonly benign: BenignUpdate[] = [];
  /** The sample at the last full hour: nobody starts from an earlier one. */
  sample: { kept: KeptSample; tick: number } | undefined;

  constructor(
    private readonly db: ClickHouseClient,
    private readonly detector: string,
  ) {}

  async write(): Promise<void> {
    await Promise.all([
      noteAwakeHosts(this.db, this.awake),
      noteSilences(this.db, this.silences),
      noteJudgements(this.db, this.detector, this.judgements),
      noteBenignUpdates(this.db, this.detector, this.benign),
      this.sample && noteSample(this.db, this.sample.kept, this.sample.tick),
    ]);
    for (const each of [this.awake, this.silences, this.judgements, this.benign]) each.length = 0;
    this.sample = undefined;
  }
}
