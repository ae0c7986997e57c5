import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type Page, chromium } from 'playwright-core';
import { type ApiUnderTest, startApiUnderTest } from '../support/api';
import { eventually } from '../support/stack';
import { fillWithJuly, july, openJulyIncident } from '../support/july-store';

const browsers = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const executablePath = browsers.find((path) => path !== undefined && existsSync(path));
const root = join(__dirname, '..', '..');
const pictures = join(root, '.ringwatch', 'screenshots');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

if (executablePath === undefined)
  process.stdout.write('dashboard: skipped, no chromium here (apt-get install chromium, or set CHROMIUM_PATH)\n');

(executablePath === undefined ? describe.skip : describe)('the dashboard in a real browser', () => {
  let api: ApiUnderTest;
  let browser: Browser;
  const complaints: string[] = [];

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    api = await startApiUnderTest();
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  });
  afterAll(async () => {
    await browser.close();
    await api.stop();
  });
  afterEach(() => expect(complaints.splice(0)).toEqual([]));

  async function open(path: string, { width = 1280, dark = false } = {}): Promise<Page> {
    const colorScheme = dark ? ('dark' as const) : ('light' as const);
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      colorScheme,
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(12_000);
    const page = await context.newPage();
    page.on('response', (answer) => answer.status() >= 400 && complaints.push(`${answer.status()} ${answer.url()}`));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (line) => line.type() === 'error' && complaints.push(line.text()));
    await page.goto(`${api.url}${path}`);
    return page;
  }

  /** Serious and critical findings of axe, as lines to read. */
  async function findings(page: Page): Promise<string[]> {
    await page.evaluate(axe);
    const { violations } = await page.evaluate('axe.run()').then((result) => result as { violations: Finding[] });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
  }
  interface Finding {
    id: string;
    impact: string;
    nodes: Array<{ html: string }>;
  }

  const sideways = (page: Page) => page.evaluate('document.documentElement.scrollWidth - window.innerWidth');

  it('says what it watches while nothing has arrived', async () => {
    const page = await open('/');
    await page.getByText('Nothing has arrived yet').waitFor();
    expect(await findings(page)).toEqual([]);
    await page.screenshot({ path: join(pictures, 'now-empty.png'), fullPage: true });
    await page.context().close();
  });

  it('shows a spike and a new incident by itself, with no reload', async () => {
    await fillWithJuly(api.db);
    const page = await open('/');
    await page.getByText('No open incident.').waitFor();
    await openJulyIncident(api.db);
    await page.getByRole('article', { name: `Incident on ${july.version}` }).waitFor();
    await page.context().close();
  });

  it('lets a person read the spike, the ship line and the incident', async () => {
    const page = await open('/');
    const picture = page.getByRole('img', { name: /Crashes per minute peak at \d+ at 04:\d\d UTC/ });
    await picture.waitFor();
    const summary = (await picture.getAttribute('aria-label'))!;
    expect(summary).toContain(`csagent.sys · ${july.version}`);
    expect(summary).toContain(`${july.version} shipped at 04:09 UTC`);
    expect(summary).toContain(`${july.version} withdrawn at 05:27 UTC`);
    const moments = page
      .getByRole('list', { name: 'Updates shipped and withdrawn in this window' })
      .getByRole('listitem');
    expect(await moments.count()).toBe(3);
    expect(await moments.nth(1).innerText()).toContain('04:09 UTC');

    const incident = page.getByRole('article', { name: `Incident on ${july.version}` });
    const text = await incident.innerText();
    for (const part of [
      'sev1 · mitigating',
      '300 of 600',
      '91.7 ×',
      '40.1 to 211',
      '04:10:12 UTC',
      'Halt the rollout now.',
      'KB5040442',
    ])
      expect(text).toContain(part);
    const row = await page.getByRole('row', { name: new RegExp(`${july.version}.*halt`) }).innerText();
    expect(row).toMatch(/66\.7 %\s+600 of 900 hosts[\s\S]*500[\s\S]*halt/);
    await page.context().close();
  });

  it('draws the spike where it happened', async () => {
    const page = await open('/');
    await page.getByRole('img', { name: /peak/ }).waitFor();
    const look = () => page.evaluate<{ before: number; after: number }>(shareOfColour);
    const drawn = await eventually(look, ({ after }) => after > 0, 5_000); // the canvas is drawn a frame after its frame
    expect(drawn.before).toBe(0);
    expect(drawn.after).toBeGreaterThan(0.1);
    await page.context().close();
  });

  it('gives the same figures as a table, and each window as an address', async () => {
    const page = await open('/?window=3h');
    await page.getByRole('button', { name: 'Show as table' }).click();
    const table = page.getByRole('region', { name: 'Crashes per minute as a table' });
    expect(await table.getByRole('columnheader').allInnerTexts()).toEqual(
      expect.arrayContaining(['All', `csagent.sys · ${july.version}`, 'ntfs.sys', 'storport.sys']),
    );
    await page.getByRole('link', { name: '6h' }).click();
    expect(new URL(page.url()).search).toBe('?window=6h');
    await page.getByRole('link', { name: '6h', exact: true }).and(page.locator('[aria-current=page]')).waitFor();
    await page.context().close();
  });

  it('tells the story of the incident, down to the hosts', async () => {
    const page = await open('/');
    await page.getByRole('link', { name: 'Evidence, timeline and hosts' }).click();
    await page.getByRole('heading', { level: 1, name: /300 of 600/ }).waitFor();
    expect(page.url()).toBe(`${api.url}/incidents/${july.incidentId}`);
    expect(
      await page
        .getByRole('listitem')
        .filter({ hasText: /opened|mitigated/ })
        .count(),
    ).toBe(2);
    await page.getByText('PAGE_FAULT_IN_NONPAGED_AREA').waitFor();
    await page.getByRole('cell', { name: 'org-0' }).first().waitFor();
    expect(await findings(page)).toEqual([]);
    await page.screenshot({ path: join(pictures, 'incident.png'), fullPage: true });
    await page.context().close();
  });

  it('shows one update: its verdict, and how far it spread against its crashes', async () => {
    const page = await open('/');
    await page.getByRole('link', { name: july.version }).first().click();
    await page.getByRole('heading', { level: 1, name: july.version }).waitFor();
    expect(page.url()).toBe(`${api.url}/updates/${july.channel}/${july.version}`);
    await page.getByRole('img', { name: /600 hosts applied the update, with 900 crashes after it/ }).waitFor();
    await page.getByText('open incident:').waitFor();
    expect(
      await page
        .getByRole('listitem')
        .filter({ hasText: /shipped|withdrawn/ })
        .count(),
    ).toBe(2);
    await page.getByText('Show as table').click();
    await page.getByRole('columnheader', { name: 'Hosts that had applied it' }).waitFor();
    await page.context().close();
  });

  it.each([
    { name: 'now-light', path: '/', width: 1280, dark: false },
    { name: 'now-dark', path: '/', width: 1280, dark: true },
    { name: 'now-narrow', path: '/', width: 320, dark: false },
    { name: 'now-wide', path: '/', width: 2560, dark: true },
    { name: 'update-light', path: `/updates/${july.channel}/${july.version}`, width: 1280, dark: false },
    { name: 'update-narrow', path: `/updates/${july.channel}/${july.version}`, width: 320, dark: true },
    { name: 'incident-narrow', path: `/incidents/${july.incidentId}`, width: 320, dark: true },
  ])('can be used by everybody: $name', async ({ name, path, width, dark }) => {
    const page = await open(path, { width, dark });
    await page.getByRole('img').last().or(page.getByRole('table').first()).first().waitFor();
    await page.locator('.card').first().waitFor();
    expect(await findings(page)).toEqual([]);
    expect(await sideways(page)).toBe(0);
    await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
    await page.context().close();
  });

  it('can be used with the keyboard alone, and remembers the theme', async () => {
    const page = await open('/');
    await page.getByRole('table').first().waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the figures');
    await page.getByRole('button', { name: 'Dark theme' }).focus();
    await page.keyboard.press('Enter');
    expect(await page.evaluate('getComputedStyle(document.documentElement).colorScheme')).toBe('dark');
    await page.reload();
    await page.getByRole('button', { name: 'Light theme' }).waitFor();
    await page.context().close();
  });

  it('keeps old figures and says so when the api goes away; says what is wrong when it had none', async () => {
    const page = await open('/');
    await page.getByRole('table').first().waitFor();
    await page.route('**/api/v1/**', (route) => route.abort());
    await page.getByText('These figures are old.').waitFor();
    await page.getByRole('article').first().waitFor();
    await page.unroute('**/api/v1/**');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('These figures are old.').waitFor({ state: 'detached' });
    await page.context().close();
    const missing = await open('/incidents/none');
    await missing.getByRole('alert').getByText('there is no incident none').waitFor();
    await missing.context().close();
    expect(complaints.splice(0).filter((line) => !/^404 |Failed to load resource/.test(line))).toEqual([]);
  });
});

/** Runs in the page: how much of the picture is vermilion in the half hour before the ship line, and in the one after. */
const shareOfColour = `(() => {
  const canvas = document.querySelector('.chart canvas');
  if (!canvas) return { before: 0, after: 0 };
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  const vermilion = (x, y) => {
    const at = (y * width + x) * 4;
    return Math.abs(data[at] - 213) < 12 && Math.abs(data[at + 1] - 94) < 12 && data[at + 2] < 24;
  };
  const share = (from, to) => {
    let hits = 0;
    let all = 0;
    for (let x = Math.round(from * width); x < to * width; x += 1)
      for (let y = Math.round(height * 0.2); y < height * 0.9; y += 1) {
        all += 1;
        if (vermilion(x, y)) hits += 1;
      }
    return hits / all;
  };
  const lines = [];
  for (let x = 0; x < width; x += 1) if (share(x / width, (x + 1) / width) > 0.95) lines.push(x / width);
  const ship = lines[0];
  return { before: share(ship - 0.15, ship - 0.01), after: share(ship + 0.01, ship + 0.16) };
})()`;
