import { randomUUID } from 'node:crypto';
import { requestRecord, type Undelivered } from '@ringwatch/routing';
import type { OutgoingRecord } from '@ringwatch/kafka';

/** Whoever hears of what a receiver could not be told. */
export interface StandIn {
  /** Resolves when it is certain that it will be told; rejects when it is not. */
  report(undelivered: readonly Undelivered[]): Promise<void>;
}

/** Nobody hears of it; the log and the table have it. */
export const nobody: StandIn = { report: () => Promise.resolve() };

/** The receiver that is the fallback of the others. It is asked by the topic of requests, which keeps what it has not been told. */
export function fallbackOn(receiver: string, write: (records: readonly OutgoingRecord[]) => Promise<void>): StandIn {
  return {
    report: async (undelivered) => {
      if (undelivered.length === 0) return;
      const requests = undelivered.map((report) => ({
        kind: 'undelivered' as const,
        request_id: randomUUID(),
        receiver,
        report,
      }));
      await write(requests.map(requestRecord));
    },
  };
}
