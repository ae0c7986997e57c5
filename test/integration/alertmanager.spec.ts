import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { incidentChangeSchema, type IncidentChange } from '@ringwatch/incident';
import { resendingOf, send, toNoticeRequest, toRequest, say, type Notice, type Receiver } from '@ringwatch/webhook';
import { Alertmanager, alertmanagerPath } from '../support/alertmanager';
import { eventually } from '../support/stack';

if (alertmanagerPath === undefined)
  process.stdout.write('alertmanager: skipped, it is not installed (apt-get install prometheus-alertmanager)\n');

const cases = join(__dirname, '..', '..', 'libs', 'webhook', 'cases');
function changeOf(name: string): IncidentChange {
  const { given } = JSON.parse(readFileSync(join(cases, `${name}.json`), 'utf8')) as { given: unknown };
  return incidentChangeSchema.parse(given);
}

/** What a real Alertmanager makes of our alerts. */
(alertmanagerPath === undefined ? describe.skip : describe)('Alertmanager', () => {
  const alertmanager = new Alertmanager();
  const policy = { allowedHosts: ['127.0.0.1'] };
  let receiver: Receiver;

  beforeAll(async () => {
    await alertmanager.start();
    receiver = { kind: 'alertmanager', name: 'alerts', url: alertmanager.url, labels: { team: 'endpoints' } };
  });
  afterAll(() => alertmanager.stop());

  async function tell(name: string): Promise<void> {
    const options = { at: new Date(), dashboardUrl: 'https://ringwatch.example' };
    expect(await send(toRequest(receiver, changeOf(name), options), { policy })).toMatchObject({ kind: 'delivered' });
  }

  async function notified(status: string, incidentId: string): Promise<void> {
    const found = await eventually(
      async () =>
        alertmanager.notifications.filter(
          (each) => each.status === status && each.alerts[0]!.labels['incident_id'] === incidentId,
        ),
      (each) => each.length > 0,
    );
    expect(found).not.toEqual([]);
  }

  it('shows one alert that fires, grows, and is resolved', async () => {
    const { incident_id } = changeOf('opened');
    await tell('opened');
    await notified('firing', incident_id);
    await tell('escalated');
    const shown = await eventually(
      () => alertmanager.alerts(),
      (alerts) => alerts[0]?.annotations['change'] === 'escalated',
    );
    expect(shown).toHaveLength(1);
    expect(shown[0]).toMatchObject({
      labels: { alertname: 'RingwatchIncident', incident_id, team: 'endpoints', update_channel: 'channel-file-291' },
      annotations: { severity: 'sev1', summary: expect.stringContaining('SEV1 escalated') },
      startsAt: changeOf('opened').opened_at,
      status: { state: 'active' },
    });
    const holdsMs = Date.parse(shown[0]!.endsAt) - Date.now();
    expect(holdsMs).toBeGreaterThan(4 * resendingOf('alertmanager')!.everyMs);
    await tell('resolved');
    await notified('resolved', incident_id);
    expect(await alertmanager.alerts()).toEqual([]);
    await tell('reopened');
    const again = await eventually(
      () => alertmanager.alerts(),
      (alerts) => alerts.length > 0,
    );
    expect(again[0]).toMatchObject({ labels: { incident_id }, annotations: { change: 'reopened' } });
    await tell('superseded');
  });

  it('takes names that try to be more than names', async () => {
    await tell('hostile-names');
    const alerts = await eventually(
      () => alertmanager.alerts(),
      (all) => all.some(({ annotations }) => annotations['change'] === 'opened'),
    );
    expect(alerts).not.toEqual([]);
    expect(JSON.stringify(alerts)).not.toMatch(/<!|@channel|@here/);
  });

  it('takes a sign of life as an alert that always fires', async () => {
    const at = new Date();
    const notice: Notice = {
      purpose: 'watchdog',
      id: 'w',
      at: at.toISOString(),
      title: say`Ringwatch works`,
      lines: [],
    };
    const request = toNoticeRequest(receiver, notice, { at });
    expect(await send(request, { policy })).toMatchObject({ kind: 'delivered' });
    const alerts = await eventually(
      () => alertmanager.alerts(),
      (all) => all.some(({ labels }) => labels['alertname'] === 'RingwatchWatchdog'),
    );
    expect(alerts.map(({ labels }) => labels['alertname'])).toContain('RingwatchWatchdog');
  });
});
