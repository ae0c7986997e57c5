import type { IncidentChange } from '@ringwatch/incident';
import type { Answer, Lost, Reply } from './answer';
import type { Notice } from './notice';
import type { DeliveryRequest, ReceiverDefinition, RequestOptions, Resending } from './receiver-definition';
import { alertmanager, type AlertmanagerReceiver } from './receivers/alertmanager';
import { discord, type DiscordReceiver } from './receivers/discord';
import { googleChat, type GoogleChatReceiver } from './receivers/google-chat';
import { mattermost, type MattermostReceiver } from './receivers/mattermost';
import { pagerduty, type PagerDutyReceiver } from './receivers/pagerduty';
import { rollout, type RolloutReceiver } from './receivers/rollout';
import { slack, type SlackReceiver } from './receivers/slack';
import { teams, type TeamsReceiver } from './receivers/teams';
import { telegram, type TelegramReceiver } from './receivers/telegram';
import { webhook, type WebhookReceiver } from './receivers/webhook';

/** Where notifications go, under a name that stands in logs and tables instead of its address. */
export type Receiver =
  | SlackReceiver
  | TeamsReceiver
  | DiscordReceiver
  | GoogleChatReceiver
  | MattermostReceiver
  | TelegramReceiver
  | PagerDutyReceiver
  | AlertmanagerReceiver
  | WebhookReceiver
  | RolloutReceiver;

export type ReceiverKind = Receiver['kind'];

type Definitions = { [Kind in ReceiverKind]: ReceiverDefinition<Extract<Receiver, { kind: Kind }>> };

const definitions: Definitions = {
  slack,
  teams,
  discord,
  'google-chat': googleChat,
  mattermost,
  telegram,
  pagerduty,
  alertmanager,
  webhook,
  rollout,
};

/** Every kind of receiver that there is. */
export const receiverKinds = Object.keys(definitions) as ReceiverKind[];

/** What is particular to a kind of receiver. */
export function definitionOf(kind: ReceiverKind): ReceiverDefinition<Receiver> {
  return definitions[kind];
}

export function isReceiverKind(kind: unknown): kind is ReceiverKind {
  return typeof kind === 'string' && Object.hasOwn(definitions, kind);
}

/** Whether a kind of receiver has any use for a change; `earlier` as for the request. */
export function wants(kind: ReceiverKind, change: IncidentChange, earlier?: string): boolean {
  return definitionOf(kind).wants(change, earlier);
}

/** How often an alert has to be sent again and whether it is to be; undefined where it stands until it is ended. */
export function resendingOf(kind: ReceiverKind): Resending | undefined {
  return definitionOf(kind).resending;
}

/** The request that tells a receiver about a change. The same change gives the same key on every attempt. */
export function toRequest(receiver: Receiver, change: IncidentChange, options: RequestOptions): DeliveryRequest {
  return definitionOf(receiver.kind).toRequest(receiver, change, options);
}

/** The request that tells a receiver what is no change of an incident. */
export function toNoticeRequest(receiver: Receiver, notice: Notice, options: RequestOptions): DeliveryRequest {
  return definitionOf(receiver.kind).toNoticeRequest(receiver, notice, options);
}

/** What a reply to a request means. */
export function classify(request: DeliveryRequest, reply: Reply, now: Date): Answer | Lost {
  return definitionOf(request.kind).classify(reply, request, now);
}
