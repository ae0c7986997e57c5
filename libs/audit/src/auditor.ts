import { type ClickHouseClient, readAuditProgress, writeAuditProgress } from '@ringwatch/clickhouse';
import { type InputTopic, inputTopics } from '@ringwatch/inputs';
import type { TopicWriter } from '@ringwatch/kafka';
import { settleConflicts } from './conflict-audit';
import type { FateCounts, Finding } from './findings';
import { auditLetters, auditLog } from './log-audit';
import { partitionBounds } from './log-ranges';
import type { Kafka, LogRange } from './log-reader';
import { SharedPace } from './pace';
import { auditRollups } from './rollup-audit';
import { auditStates } from './state-audit';

/** What a round of audits came to. */
export interface AuditReport {
  audit: 'conflicts' | 'log' | 'states' | 'letters' | 'rollups';
  seconds: number;
  /** Messages by fate (log), settled conflicts by topic (conflicts); empty for the others. */
  counts: Partial<FateCounts & Record<InputTopic, number>>;
  /** Messages that the audit of the log passed over, because more came in than it may look at. */
  skipped: number;
}

export interface AuditorOptions {
  kafka: Kafka;
  db: ClickHouseClient;
  writer: TopicWriter;
  /** The consumer group of ingest: what it has committed is what is audited. */
  groupId: string;
  /** True while ingest has more urgent work: the audits stand still. */
  isBehind: () => boolean;
  /** A finding is for a person: an error in the log. */
  onFinding: (finding: Finding) => void;
  onReport?: (report: AuditReport) => void;
  /** An audit could not look: it is tried again in the next round. */
  onFailure: (error: unknown, audit: AuditReport['audit']) => void;
  /** Most of the time that audits may take, 0..1. */
  share?: number;
  everyMs?: number;
  /** How often states, dead letters and rollups are compared, in milliseconds. */
  derivedEveryMs?: number;
}

/** Messages of one partition that a round looks at; at 5 % of the time about what a minute has room for. */
const MOST_A_PARTITION = 10_000;

/**
 * Runs the audits beside ingest: conflicts and the log every minute, what is derived every hour. Several may run at once
 * (one in each copy of ingest): what they do is repeatable. Never throws out of its loop.
 */
export class Auditor {
  private running: Promise<void> | undefined;
  private stopping = false;
  private wake: () => void = () => undefined;
  private derivedAt = 0;
  private lastRoundAt = Date.now();
  private readonly pace: SharedPace;

  constructor(private readonly options: AuditorOptions) {
    this.pace = new SharedPace(
      options.share ?? 0.05,
      () => !this.stopping && options.isBehind(),
      (ms) => this.sleep(ms),
    );
  }

  start(): void {
    this.running ??= this.loop();
  }

  /** Resolves when the piece of work at hand is finished. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.wake();
    await this.running;
  }

  /** Seconds since a whole round came to its end: large when ingest is behind, or when audits fail. */
  secondsSinceRound(): number {
    return (Date.now() - this.lastRoundAt) / 1_000;
  }

  /** One round at once; `derived` compares what is derived too. Rejects never: failures are told. */
  async round(derived: boolean): Promise<void> {
    let failed = false;
    const { db, writer, kafka, onFinding } = this.options;
    const { pace } = this;
    const since = Date.now() - (this.options.derivedEveryMs ?? HOUR_MS) - HOUR_MS;
    const tasks: Array<[AuditReport['audit'], () => Promise<Partial<AuditReport>>]> = [
      ['conflicts', async () => ({ counts: await settleConflicts({ db, writer, pace }) })],
      ['log', () => this.auditNewMessages()],
    ];
    if (derived) {
      tasks.push(['states', async () => (await auditStates({ db, onFinding, pace }), {})]);
      tasks.push(['letters', async () => (await auditLetters({ kafka, db, pace, onFinding }, since), {})]);
      tasks.push(['rollups', async () => (await auditRollups({ db, onFinding }), {})]);
    }
    for (const [audit, run] of tasks) {
      if (this.stopping) return;
      const startedAt = Date.now();
      pace.begin();
      try {
        const report = await run();
        this.options.onReport?.({
          audit,
          seconds: (Date.now() - startedAt) / 1_000,
          counts: {},
          skipped: 0,
          ...report,
        });
      } catch (error) {
        failed = true;
        if (!this.stopping) this.options.onFailure(error, audit);
      }
      await pace.rest();
    }
    if (!failed) this.lastRoundAt = Date.now();
  }

  private async loop(): Promise<void> {
    while (!this.stopping) {
      await this.sleep(this.options.everyMs ?? MINUTE_MS);
      if (this.stopping || this.options.isBehind()) continue;
      const derived = Date.now() - this.derivedAt >= (this.options.derivedEveryMs ?? HOUR_MS);
      if (derived) this.derivedAt = Date.now();
      await this.round(derived);
    }
  }

  /** What was committed since the last round; of more than there is time for, the latest. */
  private async auditNewMessages(): Promise<Partial<AuditReport>> {
    const { kafka, db, groupId, onFinding } = this.options;
    const done = new Map(
      (await readAuditProgress(db, 'log')).map(({ topic, partition, until }) => [`${topic}/${partition}`, until]),
    );
    let skipped = 0;
    const ranges: LogRange[] = [];
    for (const { topic, partition, low, committed } of await partitionBounds(kafka, groupId, inputTopics)) {
      const at = done.get(`${topic}/${partition}`) ?? low;
      const from = Math.max(low, at > committed ? low : at, committed - MOST_A_PARTITION);
      skipped += Math.max(0, from - Math.max(low, Math.min(at, committed)));
      ranges.push({ topic, partition, from, until: committed });
    }
    const counts = await auditLog({
      kafka,
      db,
      ranges,
      pace: this.pace,
      onFinding,
      onChunk: async ({ topic, partition, until }) => {
        await writeAuditProgress(db, 'log', [{ topic, partition, until }]);
        if (this.stopping) throw new Error('the auditor is being stopped');
      },
    });
    return { counts, skipped };
  }

  private sleep(ms: number): Promise<void> {
    if (this.stopping) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
