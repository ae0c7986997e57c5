import { demand, limitedByHeader, type StandInAnswer, type Target } from '../target';

interface Event {
  routing_key?: string;
  event_action?: string;
  dedup_key?: string;
  links?: Array<{ href: string; text: string }>;
  payload?: { summary?: string; source?: string; severity?: string; timestamp?: string };
}

export interface PagerDutyAlert {
  dedupKey: string;
  /** After it is resolved, the same key opens another alert. */
  status: 'triggered' | 'acknowledged' | 'resolved';
  events: Event[];
}

/** https://developer.pagerduty.com/docs/send-alert-event */
export function pagerDutyTarget(): Target & { alerts: PagerDutyAlert[] } {
  const key = 'pagerdutyHunter2pagerdutyHunter2';
  const alerts: PagerDutyAlert[] = [];
  return {
    path: '/v2/enqueue',
    settings: { routing_key: key },
    secrets: [key],
    alerts,
    limited: limitedByHeader,
    answer({ method, url, body }) {
      demand(method === 'POST' && url.pathname === '/v2/enqueue', { status: 404 });
      demand(Buffer.byteLength(body) <= 512 * 1024, { status: 413 });
      const event = JSON.parse(body) as Event;
      const problem = problemWith(event);
      demand(problem === undefined, invalid(problem ?? ''));
      demand(event.routing_key === key, invalid('Invalid routing key'));
      return { status: 202, body: { status: 'success', message: 'Event processed', dedup_key: take(alerts, event) } };
    },
  };
}

function invalid(problem: string): StandInAnswer {
  return { status: 400, body: { status: 'invalid event', message: 'Event object is invalid', errors: [problem] } };
}

function problemWith({ routing_key, event_action, dedup_key, links = [], payload }: Event): string | undefined {
  if (routing_key?.length !== 32) return "Length of 'routing_key' is incorrect (should be 32 characters)";
  if (!['trigger', 'acknowledge', 'resolve'].includes(event_action ?? '')) return "'event_action' is invalid";
  if (event_action !== 'trigger' && dedup_key === undefined) return "'dedup_key' is missing";
  if ((dedup_key ?? '').length > 255) return "'dedup_key' is too long";
  if (!links.every(({ href }) => URL.canParse(href))) return "'links' is invalid";
  if (event_action !== 'trigger') return undefined;
  const { summary = '', source = '', severity = '', timestamp } = payload ?? {};
  if (summary === '' || summary.length > 1_024) return "'payload.summary' is missing or too long";
  if (source === '') return "'payload.source' is missing";
  if (!['critical', 'error', 'warning', 'info'].includes(severity)) return "'payload.severity' is invalid";
  return timestamp === undefined || !Number.isNaN(Date.parse(timestamp)) ? undefined : "'payload.timestamp' is invalid";
}

function take(alerts: PagerDutyAlert[], event: Event): string {
  const dedupKey = event.dedup_key ?? `made-up-${alerts.length}`;
  const open = alerts.find((alert) => alert.dedupKey === dedupKey && alert.status !== 'resolved');
  open?.events.push(event);
  if (open === undefined) {
    if (event.event_action === 'trigger') alerts.push({ dedupKey, status: 'triggered', events: [event] });
  } else if (event.event_action === 'acknowledge') open.status = 'acknowledged';
  else if (event.event_action === 'resolve') open.status = 'resolved';
  return dedupKey;
}
