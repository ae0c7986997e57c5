import { whoHearsOfPipeline, type Routing } from '@ringwatch/routing';
import type { Clock } from '../clock';
import type { DeliveryLog } from '../delivery/delivery-log';
import type { ReceiverLane } from '../delivery/receiver-lane';
import type { Content } from '../delivery/waiting';
import type { Telemetry } from '../telemetry';
import { PIPELINE, recoveredNotice, staleNotice, WATCHDOG, watchdogNotice } from './notices';
import { PipelineWatch, type Observation, type Trouble } from './pipeline-watch';

/** What the watchdog works with. */
export interface WatchdogParts {
  routing: Routing;
  lanes: readonly ReceiverLane[];
  log: DeliveryLog;
  clock: Clock;
  telemetry: Telemetry;
  observe: () => Promise<Observation>;
  /** How many incidents are open; undefined when that is not known. */
  openIncidents: () => Promise<number | undefined>;
}

type Said = 'pipeline_stale' | 'pipeline_recovered';

const LOOK_EVERY_MS = 5_000;
const LEAST_PAUSE_MS = 100;

/**
 * Watches over the road from event to verdict by the clock on the wall. While it goes on, receivers that ask for it get a
 * message at every turn; when it stands for too long, the routes get one message, and one more when it goes on again. What a
 * receiver was told stands in the delivery log, so that a restart repeats nothing.
 */
export class Watchdog {
  private readonly watch: PipelineWatch;
  private readonly said = new Map<string, Said>();
  private readonly nextTurn = new Map<string, number>();
  private readonly everyMs: number;
  private isStopped = false;

  /** @param staleAfterMs within so much time after the road began to stand it is said */
  constructor(
    staleAfterMs: number,
    private readonly parts: WatchdogParts,
  ) {
    this.everyMs = Math.min(LOOK_EVERY_MS, staleAfterMs / 4);
    this.watch = new PipelineWatch(staleAfterMs - this.everyMs, parts.clock.now());
  }

  /** Looks, again and again, until it is stopped. */
  async run(): Promise<void> {
    await this.recall();
    const { clock } = this.parts;
    while (!this.isStopped) {
      const startedAt = clock.now();
      await this.look();
      await clock.sleep(Math.max(LEAST_PAUSE_MS, startedAt + this.everyMs - clock.now()));
    }
  }

  stop(): void {
    this.isStopped = true;
  }

  private async recall(): Promise<void> {
    const { routing, log } = this.parts;
    for (const { receiver, watchdogMs } of routing.receivers) {
      const [pipeline, watchdog] = await Promise.all([
        log.lastNotice(receiver.name, PIPELINE),
        watchdogMs === undefined ? undefined : log.lastNotice(receiver.name, WATCHDOG),
      ]);
      if (pipeline?.outcome === 'delivered') this.said.set(receiver.name, pipeline.change as Said);
      if (watchdogMs !== undefined) this.nextTurn.set(receiver.name, (watchdog?.startedAt ?? 0) + watchdogMs);
    }
  }

  private async look(): Promise<void> {
    const observation = await this.parts.observe();
    const trouble = this.watch.look(observation);
    this.parts.telemetry.pipelineSeen(observation, trouble);
    if (trouble) return this.sayStale(trouble, observation);
    if (this.watch.hasMoved) this.sayRecovered(observation);
    // A process that has just begun does not know yet.
    if (this.watch.hasMoved || this.watch.isUnused) await this.sayAllIsWell(observation);
  }

  private sayStale(trouble: Trouble, observation: Observation): void {
    for (const name of whoHearsOfPipeline(this.parts.routing, 'pipeline_stale')) {
      if (this.said.get(name) === 'pipeline_stale') continue;
      this.said.set(name, 'pipeline_stale');
      this.tell(name, staleNotice(trouble, observation), { subject: PIPELINE, change: 'pipeline_stale' });
    }
  }

  /** To those who were told that it stands. */
  private sayRecovered(observation: Observation): void {
    for (const [name, said] of this.said) {
      if (said !== 'pipeline_stale') continue;
      this.said.set(name, 'pipeline_recovered');
      this.tell(name, recoveredNotice(observation), { subject: PIPELINE, change: 'pipeline_recovered' });
    }
  }

  private async sayAllIsWell(observation: Observation): Promise<void> {
    const due = this.parts.routing.receivers.filter(
      ({ receiver }) => (this.nextTurn.get(receiver.name) ?? Infinity) <= observation.at,
    );
    if (due.length === 0) return;
    const openIncidents = await this.parts.openIncidents();
    for (const { receiver, watchdogMs } of due) {
      this.nextTurn.set(receiver.name, observation.at + watchdogMs!);
      this.tell(receiver.name, watchdogNotice(observation, openIncidents), { subject: WATCHDOG, change: WATCHDOG });
    }
  }

  private tell(
    name: string,
    notice: Extract<Content, { kind: 'notice' }>['notice'],
    named: { subject: string; change: string },
  ): void {
    const lane = this.parts.lanes.find((each) => each.name === name);
    // The next turn of a watchdog comes soon; the other two come once.
    const isWorthRetrying = named.subject !== WATCHDOG;
    // What cannot be passed on to a stand-in is in the log already.
    lane?.tell({ kind: 'notice', notice, ...named, isWorthRetrying }).catch(() => undefined);
  }
}
