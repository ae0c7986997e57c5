import { incidentChangeSchema } from '@ringwatch/incident';
import { targets } from '../../stand-ins';
import { changeOf, receiverFor } from '../made-up.fixture';
import type { Notice } from '../notice';
import { ours } from '../phrase';
import { definitionOf, resendingOf, toNoticeRequest, toRequest } from '../receiver';
import type { Alert } from './alertmanager';
import type { PagerDutyEvent } from './pagerduty';

const at = new Date('2024-07-19T04:11:40Z');
const options = { at, dashboardUrl: 'https://ringwatch.example' };
const names = incidentChangeSchema.shape.change.options;
const notice = (purpose: Notice['purpose'], id: string): Notice => ({
  purpose,
  id,
  at: at.toISOString(),
  title: ours('A word.'),
  lines: [],
});

describe('PagerDuty', () => {
  const service = receiverFor('pagerduty', targets.pagerduty(), 'https://events.example');
  const event = (name: string) => JSON.parse(toRequest(service, changeOf(name), options).body) as PagerDutyEvent;

  it('has one key for all that happens to an incident', () =>
    expect(new Set(names.map((name) => event(name).dedup_key)).size).toBe(1));

  it.each([
    ['opened', 'trigger'],
    ['escalated', 'trigger'],
    ['updated', 'trigger'],
    ['mitigated', 'trigger'],
    ['reopened', 'trigger'],
    ['acknowledged', 'acknowledge'],
    ['resolved', 'resolve'],
    ['superseded', 'resolve'],
  ])('%s is %s', (name, action) => expect(event(name).event_action).toBe(action));

  it.each([
    ['sev1', 'critical'],
    ['sev2', 'error'],
    ['sev3', 'warning'],
  ] as const)('%s is %s', (severity, wanted) => {
    const { body } = toRequest(service, changeOf('opened', { severity }), options);
    expect((JSON.parse(body) as PagerDutyEvent).payload.severity).toBe(wanted);
  });

  it('gives links, and numbers that rules can compare', () => {
    const { links, client_url, payload } = event('opened');
    expect(links.map(({ text }) => text)).toEqual(['Incident', 'Decision', 'Update']);
    expect(client_url).toBe(links[0]!.href);
    expect(payload).toMatchObject({ component: 'csagent.sys', group: 'channel-file-291 C-00000291-00000000-00000032' });
    expect(payload.custom_details).toMatchObject({ observed: 41, exposed_hosts: 1210 });
  });

  it('ends the alert of a stale pipeline when it is well again', () => {
    const [stale, recovered] = (['pipeline_stale', 'pipeline_recovered'] as const).map(
      (purpose, i) => JSON.parse(toNoticeRequest(service, notice(purpose, `p-${i}`), options).body) as PagerDutyEvent,
    );
    expect([stale!.event_action, recovered!.event_action]).toEqual(['trigger', 'resolve']);
    expect(recovered!.dedup_key).toBe(stale!.dedup_key);
  });

  it('waits for half a minute at least when it is asked too often', () => {
    const classify = (retryAfter?: string) =>
      definitionOf('pagerduty').classify(
        { status: 429, body: '', retryAfter },
        toRequest(service, changeOf('opened'), options),
        at,
      );
    expect(classify()).toMatchObject({ kind: 'retry', retryAfterMs: 30_000 });
    expect(classify('5')).toMatchObject({ retryAfterMs: 30_000 });
    expect(classify('60')).toMatchObject({ retryAfterMs: 60_000 });
  });
});

describe('Alertmanager', () => {
  const receiver = receiverFor('alertmanager', targets.alertmanager(), 'http://alerts.example/am');
  const alertOf = (name: string, moment = at) =>
    (JSON.parse(toRequest(receiver, changeOf(name), { ...options, at: moment }).body) as [Alert])[0];

  it('speaks to the API below its address, also where that is given whole', () => {
    for (const url of [
      'http://alerts.example/am',
      'http://alerts.example/am/',
      'http://alerts.example/am/api/v2/alerts',
    ])
      expect(toRequest({ ...receiver, url }, changeOf('opened'), options).url).toBe(
        'http://alerts.example/am/api/v2/alerts',
      );
  });

  it('has the same labels in the whole life of an incident, and no number among them', () => {
    const labels = names.map((name) => alertOf(name).labels);
    for (const each of labels) expect(each).toEqual(labels[0]);
    expect(Object.keys(labels[0]!).sort()).toEqual(['alertname', 'incident_id', 'update_channel', 'update_version']);
  });

  it('holds for five minutes from the attempt on while it fires, and ends with it', () => {
    expect(alertOf('opened')).toMatchObject({
      startsAt: changeOf('opened').opened_at,
      endsAt: new Date(at.getTime() + 300_000).toISOString(),
    });
    for (const name of ['resolved', 'superseded']) expect(alertOf(name).endsAt).toBe(at.toISOString());
  });

  it('is to be sent again until its incident is over', () => {
    const { everyMs, isDue } = resendingOf('alertmanager')!;
    expect(everyMs).toBe(60_000);
    expect(names.filter((name) => !isDue(changeOf(name)))).toEqual(['resolved', 'superseded']);
  });

  it('keeps a password to the header', () => {
    const { headers, body, url } = toRequest(receiver, changeOf('opened'), options);
    expect(headers['authorization']).toBe(`Basic ${Buffer.from('ringwatch:alertmanagerHunter2').toString('base64')}`);
    expect(body + url).not.toContain('Hunter2');
    const { headers: bearer } = toRequest(
      { ...receiver, bearer_token: 'token' } as typeof receiver,
      changeOf('opened'),
      options,
    );
    expect(bearer['authorization']).toBe('Bearer token');
  });
});
