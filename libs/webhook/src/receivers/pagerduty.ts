import { createHash } from 'node:crypto';
import type { IncidentChange, Severity } from '@ringwatch/incident';
import { z } from 'zod';
import { announce, announceNotice, type Announcement } from '../announce';
import { byStatus, fieldIn } from '../answer';
import type { Notice } from '../notice';
import { clip } from '../phrase';
import { commonHeaders, type DeliveryRequest, type ReceiverDefinition, type ReceiverOf } from '../receiver-definition';
import { bytesOf, firstThatFits, lookAlike, safe, showTitle } from '../show';

const settings = {
  routing_key: z.string().regex(/^[A-Za-z0-9]{32}$/, {
    error: 'wanted the 32 letters and digits of an integration key, got something else',
  }),
};

export type PagerDutyReceiver = ReceiverOf<'pagerduty', typeof settings>;

/** A PagerDuty service with an integration "Events API v2": one alert for each incident, under one dedup key. */
export const pagerduty: ReceiverDefinition<PagerDutyReceiver> = {
  kind: 'pagerduty',
  audience: 'pager',
  settings,
  secretSettings: ['routing_key'],
  usualUrl: 'https://events.pagerduty.com/v2/enqueue',
  /** Some 120 a minute and key. */
  rate: { perSecond: 2, burst: 10 },
  wants: ({ change }) => !['assigned', 'commented', 'muted'].includes(change),

  toRequest(receiver, change, options) {
    const event = toPagerDutyEvent(change, announce(change, options));
    return requestOf(receiver, { ...event, routing_key: receiver.routing_key });
  },

  toNoticeRequest(receiver, notice) {
    const announcement = announceNotice(notice);
    const { key, action, severity } = noticeKinds[notice.purpose];
    const payload = { ...payloadOf(announcement, limits[0]), severity, timestamp: notice.at };
    const dedup_key = dedupKeyOf(key ?? notice.id);
    const event: PagerDutyEvent = { event_action: action, dedup_key, client: 'Ringwatch', links: [], payload };
    return requestOf(receiver, { ...event, routing_key: receiver.routing_key });
  },

  /** 400 is an event that will never be taken; after 429 PagerDuty wants half a minute of peace. */
  classify(reply, _request, now) {
    const answer = byStatus(reply, now);
    const status = fieldIn(reply.body, 'status');
    const words = typeof status === 'string' && /^[a-z ]{1,40}$/.test(status) ? ` ${status}` : '';
    const said = { ...answer, detail: `${answer.detail}${words}` };
    if (said.kind !== 'retry' || reply.status !== 429) return said;
    return { ...said, retryAfterMs: Math.max(said.retryAfterMs ?? 0, QUIET_AFTER_429_MS) };
  },
};

/** `key`: where later notices are to change the same alert. */
const noticeKinds: Record<
  Notice['purpose'],
  { key?: string; action: 'trigger' | 'resolve'; severity: PagerDutyEvent['payload']['severity'] }
> = {
  test: { action: 'trigger', severity: 'info' },
  watchdog: { key: 'watchdog', action: 'trigger', severity: 'info' },
  undelivered: { action: 'trigger', severity: 'error' },
  digest: { action: 'trigger', severity: 'critical' },
  pipeline_stale: { key: 'pipeline', action: 'trigger', severity: 'critical' },
  pipeline_recovered: { key: 'pipeline', action: 'resolve', severity: 'info' },
};

const QUIET_AFTER_429_MS = 30_000;

function requestOf({ url }: PagerDutyReceiver, event: PagerDutyEvent & { routing_key: string }): DeliveryRequest {
  return { kind: 'pagerduty', url, headers: commonHeaders, body: JSON.stringify(event) };
}

/** An event as PagerDuty takes it, but for the routing key (https://developer.pagerduty.com/docs/send-alert-event). */
export interface PagerDutyEvent {
  event_action: 'trigger' | 'acknowledge' | 'resolve';
  dedup_key: string;
  client: 'Ringwatch';
  client_url?: string;
  links: Array<{ href: string; text: string }>;
  payload: {
    summary: string;
    source: string;
    severity: 'critical' | 'error' | 'warning' | 'info';
    timestamp?: string;
    component?: string;
    group?: string;
    class?: string;
    custom_details: Record<string, unknown>;
  };
}

/** Characters, but for `bytes` of the whole event. */
export const pagerDutyLimits = { summary: 1_024, dedupKey: 255, bytes: 512 * 1024 } as const;

const limits = [{ detail: 4_000 }, { detail: 500 }] as const;

const severities: Record<Severity, PagerDutyEvent['payload']['severity']> = {
  sev1: 'critical',
  sev2: 'error',
  sev3: 'warning',
};

/** After a `resolve` the same key opens a new alert: that is what `reopened` is to do. */
export function toPagerDutyEvent(change: IncidentChange, announcement: Announcement): PagerDutyEvent {
  const [first] = announcement.links;
  const { update_channel, update_version, driver } = change.suspect;
  const event = (room: (typeof limits)[number]): PagerDutyEvent => {
    const payload = payloadOf(announcement, room);
    return {
      event_action: actionOf(change),
      dedup_key: dedupKeyOf(change.incident_id),
      client: 'Ringwatch',
      ...(first === undefined ? {} : { client_url: first.url }),
      links: announcement.links.map(({ label, url }) => ({ href: url, text: label })),
      payload: {
        ...payload,
        severity: severities[change.severity],
        timestamp: change.detected_at,
        ...(driver === '' ? {} : { component: clip(lookAlike(driver), room.detail) }),
        ...(update_channel === ''
          ? {}
          : { group: clip(lookAlike(`${update_channel} ${update_version}`.trim()), room.detail) }),
        class: change.signal,
        custom_details: { ...payload.custom_details, ...numbersOf(change) },
      },
    };
  };
  return firstThatFits(limits, event, (each) => bytesOf(each) + ROUTING_KEY_BYTES <= pagerDutyLimits.bytes);
}

const ROUTING_KEY_BYTES = 64;

function actionOf({ change, state }: IncidentChange): PagerDutyEvent['event_action'] {
  if (change === 'resolved' || change === 'superseded' || state === 'resolved') return 'resolve';
  return change === 'acknowledged' ? 'acknowledge' : 'trigger';
}

/** One key for the whole life of an incident. */
function dedupKeyOf(id: string): string {
  const key = `ringwatch:${id}`;
  if (key.length <= pagerDutyLimits.dedupKey) return key;
  return `ringwatch:${createHash('sha256').update(id).digest('hex')}`;
}

function payloadOf(announcement: Announcement, { detail }: (typeof limits)[number]): PagerDutyEvent['payload'] {
  const { title, story, facts, rivals, advice, footer } = announcement;
  const words = {
    story: clip(story.map(safe).join('\n'), detail),
    ...Object.fromEntries(facts.map(({ label, value }) => [label, clip(safe(value), detail)])),
    ...(rivals.length === 0 ? {} : { 'Other suspects': clip(rivals.map(safe).join('\n'), detail) }),
    ...(advice.length === 0 ? {} : { 'What to do': clip(safe(advice), detail) }),
    decision: safe(footer),
  };
  return {
    summary: showTitle(title, pagerDutyLimits.summary, lookAlike),
    source: 'ringwatch',
    severity: 'info',
    custom_details: words,
  };
}

/** What rules of an event orchestration can compare. */
function numbersOf({ incident_id, sequence, change, state, severity, scope, evidence }: IncidentChange) {
  const { observed, expected, relative_risk, exposed_hosts, crashed_hosts, silent_hosts } = evidence;
  const hosts = { exposed_hosts, crashed_hosts, silent_hosts };
  return {
    incident_id,
    sequence,
    change,
    state,
    ringwatch_severity: severity,
    scope,
    observed,
    expected,
    relative_risk,
    ...hosts,
  };
}
