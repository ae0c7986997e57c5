import type { IncidentChange } from '@ringwatch/incident';
import { announce } from './announce';
import { deliveryKey, sign } from './sign';
import { toSlackMessage } from './slack';

/** Where notifications go, under a name that stands in logs and tables instead of its address. */
export type Receiver =
  | { kind: 'slack'; name: string; url: string }
  | { kind: 'webhook'; name: string; url: string; secrets: readonly string[] };

export type ReceiverKind = Receiver['kind'];

/** One HTTP POST, ready to be sent. */
export interface DeliveryRequest {
  kind: ReceiverKind;
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** What a request depends on beside the change and the receiver. */
export interface RequestOptions {
  /** The moment of this attempt: it is signed. */
  at: Date;
  dashboardUrl?: string | undefined;
}

/** The request that tells a receiver about a change. The same change gives the same body and key on every attempt. */
export function toRequest(receiver: Receiver, change: IncidentChange, options: RequestOptions): DeliveryRequest {
  const common = { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'ringwatch' };
  switch (receiver.kind) {
    case 'slack': {
      const message = toSlackMessage(announce(change, options.dashboardUrl));
      return { kind: 'slack', url: receiver.url, headers: common, body: JSON.stringify(message) };
    }
    case 'webhook': {
      const body = webhookBody(change);
      const signature = sign({ id: deliveryKey(receiver.name, change), at: options.at, body }, receiver.secrets);
      return { kind: 'webhook', url: receiver.url, headers: { ...common, ...signature }, body };
    }
  }
}

/** The body of a generic webhook: what happened, when it was decided, and the change as the topic `incidents` has it. */
function webhookBody(change: IncidentChange): string {
  return JSON.stringify({ type: `incident.${change.change}`, timestamp: change.detected_at, data: change });
}
