import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { BrowserUnderTest, describeInBrowser, findingsOf } from '../support/browser';
import { Stack } from '../support/stack';
import { WebhookReceiver } from '../support/webhook-receiver';

const version = 'C-00000291-00000000-00000032';
const HOSTS = 1_500;
const SPEED = '60';

/** July from nine minutes before the update is shipped: the hours before are not what a person waits for here. */
function scenarioFile(folder: string): string {
  const file = join(folder, 'july-2024.yaml');
  const whole = readFileSync(join(__dirname, '../../services/simulator/scenarios/july-2024.yaml'), 'utf8');
  const late = whole.replace('starts: 2024-07-19T03:40:00Z', 'starts: 2024-07-19T04:00:00Z');
  expect(late).not.toBe(whole);
  writeFileSync(file, late);
  return file;
}

/** 19 July 2024 is played through all services, and a person at the page sees it, takes it on and finds out who is down. */
describeInBrowser('July 2024 as a person sees it', () => {
  const stack = new Stack();
  const receiver = new WebhookReceiver();
  const browser = new BrowserUnderTest();
  const folder = mkdtempSync(join(tmpdir(), 'ringwatch-live-'));
  let page: Page;

  beforeAll(async () => {
    const [address] = await Promise.all([receiver.listen(), stack.start(), browser.start()]);
    await stack.run('ingest');
    await Promise.all([
      stack.run('detector'),
      stack.run('api'),
      stack.run('notifier', {
        NOTIFIER_WEBHOOK_URL: address,
        NOTIFIER_WEBHOOK_SECRET: receiver.secret,
        NOTIFIER_ALLOW_PRIVATE_TARGETS: '127.0.0.1',
      }),
    ]);
    page = await browser.open(`${stack.url('api')}/`);
    await page.getByText('Nothing has arrived yet').waitFor();
    const played = stack.finish('simulator', {
      SIMULATOR_SCENARIO: scenarioFile(folder),
      SIMULATOR_SPEED: SPEED,
      SIMULATOR_FLEET_HOSTS: String(HOSTS),
      SIMULATOR_RUN: 'pages',
    });
    played.catch(() => undefined);
  });
  afterAll(async () => {
    await browser.stop();
    await stack.stop();
    await receiver.close();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(() => expect(browser.complaints.splice(0)).toEqual([]));

  it('comes up by itself, told by the stream, and names the content update', async () => {
    const incident = page.getByRole('article', { name: `Incident on ${version}` });
    await incident.waitFor({ timeout: 120_000 });
    await page.getByText('live', { exact: true }).waitFor();
    expect(await incident.innerText()).toMatch(/makes hosts (crash|fall silent)[\s\S]*Halt the rollout now/);
    expect(await incident.innerText()).toContain('nobody has it');
  });

  it('is taken on with the keyboard alone', async () => {
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Acknowledge' }).waitFor();
    await page.keyboard.press('a');
    await page.getByLabel('Your name').waitFor();
    expect(await findingsOf(page)).toEqual([]);
    await page.keyboard.type('ann');
    await page.keyboard.press('Enter');
    await page.getByText('acknowledged by ann').waitFor({ timeout: 60_000 });
    await page.getByRole('region', { name: 'Timeline' }).getByText('ann acknowledged it').waitFor();
    expect(await page.getByRole('button', { name: 'Acknowledge' }).count()).toBe(0);
  });

  it('is muted until it grows, and commented', async () => {
    await page.getByRole('button', { name: 'Mute' }).click();
    await page.getByLabel('Or until it grows').selectOption('10');
    await page.getByRole('form', { name: 'Mute' }).getByRole('button', { name: 'Mute' }).click();
    await page
      .getByText(/muted until/)
      .first()
      .waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Comment' }).click();
    await page.getByLabel('What you say').fill('the vendor\nhas answered');
    await page.getByRole('form', { name: 'Comment' }).getByRole('button', { name: 'Comment' }).click();
    await page.getByText('the vendor has answered').waitFor({ timeout: 60_000 });
  });

  it('shows who is down, and who was told', async () => {
    await page.getByRole('link', { name: 'Hosts' }).click();
    await page.getByText(/of [\d,]+ hosts are back: [\d,]+ crash/).waitFor();
    await page.getByLabel('crashing').check();
    expect(new URL(page.url()).search).toBe('?tab=hosts&state=crashing');
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download as CSV' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe('incident-hosts.csv');
    await page.getByRole('link', { name: 'Deliveries' }).last().click();
    await page
      .getByRole('row', { name: /delivered/ })
      .first()
      .waitFor();
  });

  it('says so when the stream is lost, and goes on by reading', async () => {
    await page.route('**/api/v1/stream*', (route) => route.abort());
    await stack.kill('api');
    await page.getByText('paused, read every 5 s').waitFor({ timeout: 30_000 });
    await page.getByText('These figures are old.').waitFor({ state: 'detached', timeout: 60_000 });
    browser.complaints.splice(0);
    await page.unroute('**/api/v1/stream*');
    await page.getByText('live', { exact: true }).waitFor({ timeout: 60_000 });
    browser.complaints.splice(0);
  });
});
