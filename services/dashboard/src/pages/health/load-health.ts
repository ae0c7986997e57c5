import type { Status, Update } from '../../read/answers';
import type { DeadLetter, Delivery, LetterKind } from '../../read/operation-answers';
import { read } from '../../read/read';

export interface Health {
  status: Status;
  isReady: boolean;
  /** When the detector last noted where an update stands; undefined before its first look. */
  judgedAt: string | undefined;
  lastDelivery: Delivery | undefined;
  kinds: LetterKind[];
  letters: DeadLetter[];
}

export async function loadHealth(signal: AbortSignal): Promise<Health> {
  const [status, { updates }, { deliveries }, { reasons, letters }, ready] = await Promise.all([
    read<Status>('status', {}, signal),
    read<{ updates: Update[] }>('updates', { limit: 50 }, signal),
    read<{ deliveries: Delivery[] }>('deliveries', { limit: 1 }, signal),
    read<{ reasons: LetterKind[] | null; letters: DeadLetter[] }>('dead-letters', { limit: 50 }, signal),
    fetch('/readyz', { signal }),
  ]);
  const judged = updates.flatMap(({ judgement }) => judgement?.judged_at ?? []).sort();
  return {
    status,
    isReady: ready.ok,
    judgedAt: judged.at(-1),
    lastDelivery: deliveries[0],
    kinds: reasons ?? [],
    letters,
  };
}
