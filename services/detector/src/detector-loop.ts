import type { Decider } from '@ringwatch/ticks';
import type { Logger } from 'pino';
import { metrics } from './telemetry';

/** How soon closed arrival time is noticed: with the closing every 200 ms it is most of what an alarm waits for besides its tick. */
const IDLE_MS = 60;
const FAILED_MS = 1_000;

/** Keeps the detector going until it is stopped, and says when it cannot. */
export class DetectorLoop {
  private stopping = false;
  private running: Promise<void> = Promise.resolve();
  private lastTurnAt = Date.now();

  constructor(
    private readonly decider: Decider,
    private readonly partitions: () => Promise<number>,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.running;
  }

  /** @throws Error when no turn succeeded for 15 s */
  requireProgress(): void {
    const seconds = (Date.now() - this.lastTurnAt) / 1000;
    if (seconds > 15) throw new Error(`no tick could be decided for ${seconds.toFixed(0)} s`);
  }

  private async turn(): Promise<boolean> {
    const stopTimer = metrics.runSeconds.startTimer();
    const turn = await this.decider.advance(await this.partitions());
    if (!turn) return false;
    stopTimer();
    metrics.decidedUntil.set(turn.until / 1000);
    metrics.behindSeconds.set(turn.behindMs / 1000);
    metrics.watchedUpdates.set(this.decider.watched());
    return true;
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      try {
        const worked = await this.turn();
        this.lastTurnAt = Date.now();
        if (!worked) await sleep(IDLE_MS);
      } catch (error) {
        this.logger.warn({ err: error }, 'tick not decided, trying again');
        await sleep(FAILED_MS);
      }
    }
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
