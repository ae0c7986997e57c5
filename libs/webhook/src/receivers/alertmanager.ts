import type { IncidentChange } from '@ringwatch/incident';
import { z } from 'zod';
import { announce, announceNotice, type Announcement } from '../announce';
import { byStatus } from '../answer';
import type { Notice } from '../notice';
import { clip } from '../phrase';
import { commonHeaders, type DeliveryRequest, type ReceiverDefinition, type ReceiverOf } from '../receiver-definition';
import { lookAlike, safe } from '../show';

const MINUTE_MS = 60_000;
/** How long a firing alert holds: four times may it go out late or not at all. */
const HOLDS_MS = 5 * MINUTE_MS;

const ownLabels = ['alertname', 'incident_id', 'update_channel', 'update_version'];

const settings = {
  /** More labels for every alert, to route by. */
  labels: z
    .record(z.string(), z.string().min(1).max(200))
    .superRefine((labels, context) => {
      for (const label of Object.keys(labels)) {
        if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label) || label.startsWith('__'))
          context.addIssue({ code: 'custom', message: 'wanted label names of a-z, A-Z, 0-9 and _, got another one' });
        if (ownLabels.includes(label))
          context.addIssue({ code: 'custom', message: `wanted other labels than Ringwatch's own, got "${label}"` });
      }
    })
    .optional(),
  username: z.string().min(1).optional(),
  password: z.string().min(1).optional(),
  bearer_token: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'wanted printable ASCII, got something else')
    .optional(),
};

export type AlertmanagerReceiver = ReceiverOf<'alertmanager', typeof settings>;

/** An Alertmanager: one alert for each incident, which holds for five minutes and is sent again every minute while it lasts. */
export const alertmanager: ReceiverDefinition<AlertmanagerReceiver> = {
  kind: 'alertmanager',
  audience: 'pager',
  settings,
  secretSettings: ['password', 'bearer_token'],
  resending: { everyMs: MINUTE_MS, isDue: isFiring },
  wants: () => true,

  toRequest(receiver, change, options) {
    return requestOf(
      receiver,
      toAlert(change, announce(change, options), { ...options, labels: receiver.labels ?? {} }),
    );
  },

  toNoticeRequest(receiver, notice, { at }) {
    const { title, story } = announceNotice(notice);
    const { alertname, holdsMs, isOne } = noticeKinds[notice.purpose];
    return requestOf(receiver, {
      labels: { ...receiver.labels, alertname, ...(isOne ? {} : { notice_id: notice.id }) },
      annotations: { summary: annotation(safe(title)), description: annotation(story.map(safe).join('\n')) },
      startsAt: instant(Math.min(Date.parse(notice.at), at.getTime() - 1)),
      endsAt: instant(at.getTime() + holdsMs),
    });
  },

  classify: (reply, _request, now) => byStatus(reply, now),
};

const HOUR_MS = 60 * MINUTE_MS;

/** `isOne`: each notice is the same alert again, `pipeline_recovered` its end. Nobody sends a notice again while it lasts. */
const noticeKinds: Record<Notice['purpose'], { alertname: string; holdsMs: number; isOne: boolean }> = {
  test: { alertname: 'RingwatchTest', holdsMs: HOLDS_MS, isOne: false },
  watchdog: { alertname: 'RingwatchWatchdog', holdsMs: 3 * HOLDS_MS, isOne: true },
  undelivered: { alertname: 'RingwatchUndelivered', holdsMs: HOUR_MS, isOne: false },
  digest: { alertname: 'RingwatchDigest', holdsMs: HOUR_MS, isOne: false },
  pipeline_stale: { alertname: 'RingwatchPipelineStale', holdsMs: 24 * HOUR_MS, isOne: true },
  pipeline_recovered: { alertname: 'RingwatchPipelineStale', holdsMs: 0, isOne: true },
};

/** A post of its API (https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml) takes a list of these. */
export interface Alert {
  /** They are the alert's identity: nothing that changes in the life of an incident may stand here. */
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: string;
  endsAt: string;
  generatorURL?: string;
}

/** Alertmanager hands texts on to chats without escaping them, hence the look-alikes. It has no limit of its own for a text; they have. */
export const alertmanagerLimits = { annotation: 4_000 } as const;

/** A firing alert that holds from `at` on, or one that has ended at `at`. */
export function toAlert(
  change: IncidentChange,
  announcement: Announcement,
  { at, labels }: { at: Date; labels: Record<string, string> },
): Alert {
  const { incident_id, suspect, opened_at } = change;
  const { update_channel, update_version } = suspect;
  const ends = isFiring(change) ? at.getTime() + HOLDS_MS : Math.max(at.getTime(), Date.parse(opened_at) + 1);
  const [page] = announcement.links;
  const update = {
    ...(update_channel === '' ? {} : { update_channel: lookAlike(update_channel) }),
    ...(update_version === '' ? {} : { update_version: lookAlike(update_version) }),
  };
  return {
    labels: { ...labels, alertname: 'RingwatchIncident', incident_id, ...update },
    annotations: annotationsOf(change, announcement),
    startsAt: opened_at,
    endsAt: instant(ends),
    ...(page === undefined ? {} : { generatorURL: page.url }),
  };
}

function isFiring({ state, change }: IncidentChange): boolean {
  return state !== 'resolved' && change !== 'resolved' && change !== 'superseded';
}

function annotationsOf(change: IncidentChange, announcement: Announcement): Record<string, string> {
  const { title, story, facts, rivals, advice, footer } = announcement;
  const { severity, state, sequence, suspect, evidence } = change;
  const labelled = facts.map(({ label, value }) => `${label}: ${safe(value)}`);
  const texts: Record<string, string> = {
    summary: safe(title),
    description: [...story.map(safe), ...labelled].join('\n'),
    what_to_do: safe(advice),
    other_suspects: rivals.map(safe).join('\n'),
    decision: safe(footer),
    severity,
    state,
    change: change.change,
    sequence: String(sequence),
    driver: lookAlike(suspect.driver),
    observed: String(evidence.observed),
    expected: String(evidence.expected),
    relative_risk: String(evidence.relative_risk.estimate),
    exposed_hosts: String(evidence.exposed_hosts),
    crashed_hosts: String(evidence.crashed_hosts),
    silent_hosts: String(evidence.silent_hosts),
  };
  return Object.fromEntries(
    Object.entries(texts).flatMap(([name, text]) => (text === '' ? [] : [[name, annotation(text)] as const])),
  );
}

function annotation(text: string): string {
  return clip(text, alertmanagerLimits.annotation);
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}

function requestOf(receiver: AlertmanagerReceiver, alert: Alert): DeliveryRequest {
  const { username, password, bearer_token } = receiver;
  const basic = Buffer.from(`${username ?? ''}:${password ?? ''}`).toString('base64');
  const authorization = bearer_token === undefined ? `Basic ${basic}` : `Bearer ${bearer_token}`;
  const isOpen = bearer_token === undefined && username === undefined;
  const url = new URL(receiver.url);
  url.pathname = `${url.pathname.replace(/\/+$/, '').replace(/\/api\/v2\/alerts$/, '')}/api/v2/alerts`;
  return {
    kind: 'alertmanager',
    url: url.href,
    headers: { ...commonHeaders, 'content-type': 'application/json', ...(isOpen ? {} : { authorization }) },
    body: JSON.stringify([alert]),
  };
}
