import type { IncidentChange } from '@ringwatch/incident';
import type { z } from 'zod';
import type { Answer, Lost, Reply } from './answer';
import type { Notice } from './notice';
import type { ReceiverKind } from './receiver';

/** Who reads what a receiver gets: people in chat, a system that wakes people, or a program. */
export type Audience = 'chat' | 'pager' | 'program';

/** A receiver: its kind, the name that stands in logs and tables instead of its address, and what its kind asks for. */
export type ReceiverOf<Kind extends string, Settings extends Record<string, z.ZodType>> = {
  kind: Kind;
  name: string;
  url: string;
} & (keyof Settings extends never ? unknown : z.output<z.ZodObject<Settings>>);

/** One HTTP request, ready to be sent. */
export interface DeliveryRequest {
  kind: ReceiverKind;
  /** POST where nothing is said. */
  method?: 'POST' | 'PATCH';
  url: string;
  headers: Record<string, string>;
  body: string;
  /** What this request follows: the `earlier` that it was made with. */
  follows?: string;
  /** What is sent in its place when the receiver no longer has the message that this one follows. */
  instead?: DeliveryRequest;
}

/** What a request depends on beside the change and the receiver. */
export interface RequestOptions {
  /** The moment of this attempt: it is signed, and says how long an alert holds that has to be sent again. */
  at: Date;
  dashboardUrl?: string | undefined;
  /** The newest `messageId` that this receiver's answers gave for this incident: what the request is to follow. */
  earlier?: string | undefined;
  /** Sentences of our own about the message itself, said before all else: that it is a test, or stands for several. */
  remarks?: readonly string[];
  /** Nothing has happened: a program must not act on it. */
  isTest?: boolean;
}

/** What a receiver takes: so many messages a second in the long run, and so many at once after a pause. */
export interface Rate {
  perSecond: number;
  burst: number;
}

/** Alerts that end by themselves unless they are sent again. */
export interface Resending {
  everyMs: number;
  /** Whether the alert goes on, by the newest change of its incident. */
  isDue(newest: IncidentChange): boolean;
}

/** A kind of receiver. All that is particular to it stands in one file of the folder `receivers`. */
export interface ReceiverDefinition<R extends { kind: string; name: string; url: string }> {
  kind: R['kind'];
  audience: Audience;
  /** What stands in an entry of the receivers file beside `kind`, `name` and `url`. */
  settings: Record<string, z.ZodType>;
  /**
   * Which of the settings are secret, as `url` always is: each can be given by a file instead, `routing_key` as
   * `routing_key_file`, a list such as `secrets` as `secret_file` with spaces or line breaks between.
   */
  secretSettings: readonly string[];
  /** The address of an entry that gives none. */
  usualUrl?: string;
  /** What its target takes, with its documentation or experience as the source; undefined where it has no limit of its own. */
  rate?: Rate;
  resending?: Resending;
  /** Whether it is to hear of a change at all; mutes and severities are the notifier's business. `earlier` as in `RequestOptions`. */
  wants(change: IncidentChange, earlier?: string): boolean;
  /** The same change gives the same request on every attempt, but for what depends on `at`. */
  toRequest(receiver: R, change: IncidentChange, options: RequestOptions): DeliveryRequest;
  toNoticeRequest(receiver: R, notice: Notice, options: RequestOptions): DeliveryRequest;
  classify(reply: Reply, request: DeliveryRequest, now: Date): Answer | Lost;
}

/** The headers of every request. */
export const commonHeaders = { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'ringwatch' } as const;
