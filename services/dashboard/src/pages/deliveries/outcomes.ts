import type { Delivery } from '../../read/operation-answers';

/** The receiver knows of it: by this message, or by another one that carried it. */
const told = ['delivered', 'joined', 'grouped', 'resumed'];
/** It will not be tried again, and the receiver may not know of it. */
const failed = ['rejected', 'gone', 'gave_up'];

export const isDelivered = ({ outcome }: Delivery) => told.includes(outcome);
export const isFailed = ({ outcome }: Delivery) => failed.includes(outcome) || outcome === 'retry';

/** Which shape an outcome has. */
export function kindOf(delivery: Delivery): 'go' | 'hold' | 'halt' | 'unknown' {
  if (isDelivered(delivery)) return 'go';
  if (failed.includes(delivery.outcome)) return 'halt';
  return delivery.outcome === 'retry' ? 'hold' : 'unknown';
}

/** A message about several incidents, or that the watcher is awake: it has no change of an incident behind it. */
export const isNoIncident = ({ sequence }: Delivery) => sequence === 0;
