import { type ClickHouseClient, Erasures, loadErasures } from '@ringwatch/clickhouse';
import type { Logger } from 'pino';

/** An erasure waits longer than this for every ingest to know of it. */
const LOOK_EVERY_MS = 2_000;

/** The tombstones of erased hosts and organisations, as of two seconds ago at most. */
export class ErasureWatch {
  private erasures = new Erasures();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly db: ClickHouseClient,
    private readonly logger: Logger,
  ) {}

  current(): Erasures {
    return this.erasures;
  }

  /** Reads them once, so that nothing is stored before they are known, and from then on again and again. */
  async start(): Promise<void> {
    this.erasures = await loadErasures(this.db);
    this.timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    try {
      this.erasures = await loadErasures(this.db);
    } catch (error) {
      this.logger.warn({ err: error }, 'erasures not read, trying again');
    }
  }
}
