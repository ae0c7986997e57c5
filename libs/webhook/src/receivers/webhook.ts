import type { IncidentChange } from '@ringwatch/incident';
import { z } from 'zod';
import { byStatus } from '../answer';
import type { Notice } from '../notice';
import { plain } from '../phrase';
import { commonHeaders, type DeliveryRequest, type ReceiverDefinition, type ReceiverOf } from '../receiver-definition';
import { deliveryKey, noticeKey, sign } from '../sign';
import { secretsSetting } from '../signing-secrets';

const settings = {
  secrets: secretsSetting,
  /** `standard` where nothing is said: `{type, timestamp, data}`. `cloudevents`: CloudEvents 1.0, structured. */
  format: z.enum(['standard', 'cloudevents']).optional(),
};

export type WebhookReceiver = ReceiverOf<'webhook', typeof settings>;

/** Any program: the change as the topic `incidents` has it, signed as Standard Webhooks says in either format. */
export const webhook: ReceiverDefinition<WebhookReceiver> = {
  kind: 'webhook',
  audience: 'program',
  settings,
  secretSettings: ['secrets'],
  wants: () => true,

  toRequest(receiver, change, { at, remarks = [], isTest = false }) {
    const id = deliveryKey(receiver.name, change);
    const about = { ...(isTest ? { test: true } : {}), ...(remarks.length > 0 ? { remark: remarks.join(' ') } : {}) };
    return requestOf(receiver, { ...eventOf(change), about }, { id, at });
  },

  toNoticeRequest(receiver, notice, { at }) {
    const id = noticeKey(receiver.name, notice.id);
    return requestOf(receiver, noticeEventOf(notice), { id, at });
  },

  classify: (reply, _request, now) => byStatus(reply, now),
};

/** What has happened, before it takes a format. */
interface HappenedEvent {
  type: string;
  timestamp: string;
  subject: string;
  data: unknown;
  /** About the message itself: `test`, `remark`. Extension attributes of a CloudEvent. */
  about?: { test?: boolean; remark?: string };
}

function eventOf(change: IncidentChange): HappenedEvent {
  const { incident_id: subject, detected_at: timestamp } = change;
  return { type: `incident.${change.change}`, timestamp, subject, data: change };
}

function noticeEventOf({ purpose, id, at: timestamp, title, lines }: Notice): HappenedEvent {
  const data = { id, title: plain(title), lines: lines.map(plain) };
  return { type: `notice.${purpose}`, timestamp, subject: id, data };
}

function requestOf(
  { url, secrets, format = 'standard' }: WebhookReceiver,
  { type, timestamp, subject, data, about }: HappenedEvent,
  { id, at }: { id: string; at: Date },
): DeliveryRequest {
  const body =
    format === 'standard'
      ? { type, timestamp, ...about, data }
      : {
          specversion: '1.0',
          id,
          source: '/ringwatch',
          type: `ringwatch.${type}`,
          subject,
          time: timestamp,
          datacontenttype: 'application/json',
          ...about,
          data,
        };
  const text = JSON.stringify(body);
  const cloudEvents = { 'content-type': 'application/cloudevents+json; charset=utf-8' };
  const headers = { ...commonHeaders, ...(format === 'standard' ? {} : cloudEvents) };
  return { kind: 'webhook', url, headers: { ...headers, ...sign({ id, at, body: text }, secrets) }, body: text };
}
