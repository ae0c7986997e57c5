import { demand, limitedByHeader, type Target } from '../target';

export interface TakenAlert {
  labels: Record<string, string>;
  annotations?: Record<string, string>;
  startsAt?: string;
  endsAt?: string;
  generatorURL?: string;
}

/** https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml */
export function alertmanagerTarget(): Target & { alerts: Map<string, TakenAlert>; firing(at: number): TakenAlert[] } {
  const password = 'alertmanagerHunter2';
  /** The newest state of each label set. */
  const alerts = new Map<string, TakenAlert>();
  return {
    path: '',
    settings: { username: 'ringwatch', password },
    secrets: [password, Buffer.from(`ringwatch:${password}`).toString('base64')],
    alerts,
    firing: (at) => [...alerts.values()].filter(({ endsAt }) => Date.parse(endsAt ?? '') > at),
    limited: limitedByHeader,
    answer({ method, url, headers, body }) {
      const basic = `Basic ${Buffer.from(`ringwatch:${password}`).toString('base64')}`;
      demand(headers.authorization === basic, { status: 401 });
      demand(method === 'POST' && url.pathname === '/api/v2/alerts', { status: 404 });
      const posted = JSON.parse(body) as TakenAlert[];
      demand(Array.isArray(posted) && posted.every(isAlert), { status: 400, body: { code: 602, message: 'no' } });
      for (const alert of posted) alerts.set(keyOf(alert), alert);
      return { status: 200 };
    },
  };
}

function isAlert({ labels, annotations = {}, startsAt, endsAt }: TakenAlert): boolean {
  const isNamed = (set: Record<string, unknown>) =>
    Object.entries(set).every(([name, value]) => /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) && typeof value === 'string');
  const isOrdered = startsAt === undefined || endsAt === undefined || Date.parse(startsAt) < Date.parse(endsAt);
  return isNamed(labels) && isNamed(annotations) && (labels['alertname'] ?? '') !== '' && isOrdered;
}

function keyOf({ labels }: TakenAlert): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
