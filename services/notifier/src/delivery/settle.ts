import type { Telemetry } from '../telemetry';
import type { Conclusion } from './conclude';
import type { DeliveryLog } from './delivery-log';
import type { Queues } from './queues';
import type { StandIn } from './stand-in';
import { queueOf } from './waiting';

/** Where the end of a change is put down. */
export interface Books {
  log: DeliveryLog;
  standIn: StandIn;
  telemetry: Telemetry;
}

/**
 * Puts down what came of an attempt, then lets go of what is settled by it. Whoever stands in is told first: a process that is
 * killed in between tells it twice rather than never. @throws when that is not possible, and nothing is settled then
 */
export async function settle(conclusion: Conclusion, queues: Queues, { log, standIn }: Books): Promise<void> {
  const { outcome, records, settled, undelivered } = conclusion;
  await standIn.report(undelivered);
  // A refresh that went well is no news, and there are many.
  await log.record(records.filter(({ change }) => change !== 'refresh' || outcome !== 'delivered'));
  for (const item of settled) {
    const queue = queues.of(queueOf(item.content));
    if (item.content.kind === 'change') queue.noteSettled(item.content.change.sequence, outcome === 'delivered');
    queues.remove(queue, [item]);
    item.settle();
  }
}
