import { availableParallelism, loadavg } from 'node:os';
import type { Page } from 'playwright-core';
import { type ApiUnderTest, startApiUnderTest } from '../support/api';
import { BrowserUnderTest, type Look, describeInBrowser, findingsOf, sidewaysOf } from '../support/browser';
import { addBusyDay, addOperations, fillWithJuly, july, noteSilences, openJulyIncident } from '../support/july-store';
import { eventually } from '../support/stack';

const updatePath = `/updates/${july.channel}/${july.version}`;
const incidentPath = `/incidents/${july.incidentId}`;

describeInBrowser('the dashboard in a real browser', () => {
  let api: ApiUnderTest;
  const browser = new BrowserUnderTest();
  const opened: Page[] = [];

  beforeAll(async () => {
    [api] = await Promise.all([startApiUnderTest(), browser.start()]);
  });
  afterAll(async () => {
    await browser.stop();
    await api.stop();
  });
  afterEach(async () => {
    for (const page of opened.splice(0)) await page.context().close();
    expect(browser.complaints.splice(0)).toEqual([]);
  });

  async function open(path: string, look?: Look): Promise<Page> {
    const page = await browser.open(`${api.url}${path}`, look);
    opened.push(page);
    return page;
  }

  it('says what it watches while nothing has arrived', async () => {
    const page = await open('/');
    await page.getByText('Nothing has arrived yet').waitFor();
    expect(await findingsOf(page)).toEqual([]);
    await browser.picture(page, 'now-empty');
  });

  it('shows a spike and a new incident by itself, with no reload', async () => {
    await fillWithJuly(api.db);
    const page = await open('/');
    await page.getByText('No open incident.').waitFor();
    await page.getByText('live', { exact: true }).waitFor();
    await openJulyIncident(api.db);
    await page.getByRole('article', { name: `Incident on ${july.version}` }).waitFor();
  });

  it('lets a person read the spike, the ship line and the incident', async () => {
    const page = await open('/');
    const picture = page.getByRole('img', { name: /Crashes per minute peak at \d+ at 04:\d\d UTC/ });
    await picture.waitFor();
    const summary = await page.locator('#crashes-sentence').textContent();
    expect(summary).toContain(`csagent.sys · ${july.version}`);
    expect(summary).toContain(`${july.version} shipped at 04:09 UTC`);
    expect(summary).toContain(`${july.version} withdrawn at 05:27 UTC`);
    const moments = page.getByRole('list', { name: 'Moments of updates in this window' }).getByRole('listitem');
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
  });

  it('draws the spike where it happened', async () => {
    const page = await open('/');
    await page.getByRole('img', { name: /peak/ }).waitFor();
    const look = () => page.evaluate<{ before: number; after: number }>(shareOfColour);
    const drawn = await eventually(look, ({ after }) => after > 0, 5_000); // the canvas is drawn a frame after its frame
    expect(drawn.before).toBe(0);
    expect(drawn.after).toBeGreaterThan(0.1);
  });

  it('gives the same figures as a table, and each view as an address', async () => {
    const page = await open('/?window=3h');
    await page.getByRole('button', { name: 'Show as table' }).click();
    const table = page.getByRole('region', { name: 'Crashes per minute as a table' });
    expect(await table.getByRole('columnheader').allInnerTexts()).toEqual(
      expect.arrayContaining([`csagent.sys · ${july.version}`, 'ntfs.sys', 'expected by the hour before']),
    );
    await page.getByRole('link', { name: '6h' }).click();
    expect(new URL(page.url()).search).toBe('?table=crashes&window=6h');
    await page.getByRole('link', { name: '6h', exact: true }).and(page.locator('[aria-current=page]')).waitFor();
    await page.reload();
    await table.waitFor();
  });

  it('tells the story of the incident', async () => {
    const page = await open('/');
    await page.getByRole('link', { name: 'Evidence, timeline and hosts' }).click();
    await page.getByRole('heading', { level: 1, name: /300 of 600/ }).waitFor();
    expect(page.url()).toBe(`${api.url}${incidentPath}`);
    await page.getByRole('img', { name: /evidence crossed its line of 13.8 at 04:11:20 UTC, 2 min after/ }).waitFor();
    const timeline = page.getByRole('region', { name: 'Timeline' }).getByRole('listitem');
    expect(await timeline.allInnerTexts()).toEqual([
      expect.stringContaining('mitigated'),
      expect.stringContaining('opened'),
    ]);
    await page.getByRole('rowheader', { name: 'PAGE_FAULT_IN_NONPAGED_AREA' }).waitFor();
    await page.getByRole('rowheader', { name: 'KB5040442' }).waitFor();
  });

  it('leads from an alert to every number of the decision, and to the command that makes it again', async () => {
    const page = await open(`${incidentPath}#decision`);
    const numbers = page.getByRole('region', { name: 'Every number behind it' });
    await numbers.getByText(`ringwatch replay ${july.incidentId}`).waitFor();
    const inSight = (element: Element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return top >= 0 && bottom <= window.innerHeight;
    };
    const isSeen = () => numbers.getByRole('heading').evaluate(inSight);
    expect(await eventually(isSeen, (seen) => seen, 5_000)).toBe(true);
  });

  it('shows one update: its verdict, and how it spread against its crashes', async () => {
    const page = await open('/updates');
    await page.getByRole('link', { name: july.version }).first().click();
    await page.getByRole('heading', { level: 1, name: july.version }).waitFor();
    expect(page.url()).toBe(`${api.url}${updatePath}`);
    await page.getByRole('img', { name: /600 of 900 hosts applied it; most crashed at 04:\d\d UTC/ }).waitFor();
    await page.getByText('open incident:').waitFor();
    const actions = page.getByRole('region', { name: 'What its vendor did' }).getByRole('listitem');
    expect(await actions.count()).toBe(2);
    await page.getByRole('button', { name: /Show as table.*Adoption against crash rate/ }).click();
    await page.getByRole('columnheader', { name: 'adoption (right)' }).waitFor();
    await page.getByRole('button', { name: 'Copy address of the gate' }).click();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(`${api.url}/api/v1${updatePath}/verdict`);
  });

  it('draws how many fell silent beside adoption, and says so where no heartbeats are noted', async () => {
    const page = await open(updatePath);
    await page.getByText('No heartbeats are noted yet of hosts that have it').waitFor();
    await noteSilences(api.db);
    await page.reload();
    await page.getByRole('img', { name: /60 of \d+ that had it\. 10 % of them fell silent\./ }).waitFor();
    await page.getByRole('button', { name: /Show as table.*Adoption against crash rate/ }).click();
    await page.getByRole('columnheader', { name: 'fell silent after it (right)' }).waitFor();
    await page.getByRole('row', { name: /10 %$/ }).first().waitFor();
  });

  it('finds an update among many, in an address that can be shared', async () => {
    const page = await open('/updates');
    await page.getByRole('table').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('csagent 32');
    await page.keyboard.press('Enter');
    await page.getByText('1 update is like this').waitFor();
    expect(new URL(page.url()).search).toBe('?q=csagent+32');
    await page.getByRole('checkbox', { name: 'go', exact: true }).focus(); // the fields stay while others are looked for
    await page.keyboard.press('Space');
    await page.getByText('No update is like this.').waitFor();
    expect(await page.evaluate('document.activeElement.labels[0].textContent')).toContain('go');
    await page.getByRole('checkbox', { name: 'halt' }).check();
    await page.getByText('1 update is like this').waitFor();
    expect(new URL(page.url()).search).toBe('?q=csagent+32&verdict=halt&verdict=go');
    await page.getByRole('checkbox', { name: 'under way only' }).check();
    await page.getByText('No update is like this.').waitFor(); // it was withdrawn
    await page.getByRole('checkbox', { name: 'under way only' }).uncheck();
    await page.reload();
    await page.getByRole('link', { name: july.version }).waitFor();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download as CSV' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe('updates.csv');
  });

  it('sorts updates by their headings, with the keyboard, in an address that can be shared', async () => {
    const page = await open('/updates');
    const first = () => page.getByRole('rowheader').first().innerText();
    const sorted = (name: string) => page.getByRole('columnheader', { name }).getAttribute('aria-sort');
    await page.getByRole('table').waitFor();
    expect([await sorted('Shipped (UTC)'), await sorted('Hosts'), await first()]).toEqual([
      'descending',
      null,
      expect.stringContaining(july.version),
    ]);
    await page.getByRole('button', { name: 'Hosts' }).focus();
    await page.keyboard.press('Enter');
    expect([await sorted('Hosts'), await first()]).toEqual(['descending', expect.stringContaining(july.version)]);
    await page.keyboard.press('Enter');
    await page.locator('th[aria-sort=ascending]').waitFor();
    expect([await sorted('Hosts'), await sorted('Shipped (UTC)'), await first()]).toEqual([
      'ascending',
      null,
      expect.stringContaining('KB5040442'),
    ]);
    expect(new URL(page.url()).search).toBe('?sort=hosts&order=ascending');
    await page.reload();
    await page.locator('th[aria-sort=ascending]').waitFor();
    expect(await first()).toContain('KB5040442');
  });

  it('shows where crashes name the update, with rates and intervals', async () => {
    const page = await open(updatePath);
    const countries = page.getByRole('table', { name: 'Countries' });
    // A third of 600 hosts are in each country; 100 of these crashed.
    expect(await countries.getByRole('row', { name: /^US/ }).innerText()).toMatch(/100 of 200\s+500\s+429 to 571/);
    await page.getByRole('rowheader', { name: /csagent.sys 7.11.18110.0/ }).waitFor();
    await page.getByRole('rowheader', { name: /PAGE_FAULT_IN_NONPAGED_AREA \| csagent.sys/ }).waitFor();
  });

  it('lists who is down, narrows the list in the address, and hands it out', async () => {
    const page = await open(`${incidentPath}?tab=hosts`);
    await page.getByText(/300 hosts are back: 300 crash, 0 are silent/).waitFor();
    await page.getByRole('searchbox', { name: 'Organisation' }).fill('org-7');
    await page.keyboard.press('Enter');
    await page.getByRole('cell', { name: 'org-7' }).first().waitFor();
    expect(new URL(page.url()).searchParams.get('org_id')).toBe('org-7');
    const csv = await page.getByRole('link', { name: 'Download as CSV' }).getAttribute('href');
    const lines = (await (await fetch(`${api.url}${csv}`)).text()).trim().split('\n');
    expect(lines).toHaveLength(1 + 13); // of 300 crashed hosts every 23rd
  });

  it('goes from a driver to its versions and what it had loaded', async () => {
    const page = await open('/drivers');
    await page.getByRole('link', { name: 'csagent.sys' }).click();
    await page
      .getByRole('img', { name: /900 crashes blame csagent.sys; 100 % of them its version 7.11.18110.0/ })
      .waitFor();
    await page.getByRole('link', { name: july.version }).click();
    await page.getByRole('heading', { level: 1, name: july.version }).waitFor();
  });

  it("answers a question of one's own, and says which call of the api it was", async () => {
    const page = await open('/explore?group_by=country&bucket=15m');
    await page.getByRole('img', { name: /1,020 crashes, at most \d+ in 15m/ }).waitFor();
    await page.getByLabel('then by').selectOption('os_build');
    await page.getByLabel('is', { exact: true }).fill('csagent.sys');
    await page.getByRole('button', { name: 'Add filter' }).click();
    await page.getByRole('img', { name: /900 crashes/ }).waitFor();
    expect(new URL(page.url()).search).toBe('?bucket=15m&group_by=country%2Cos_build&driver=csagent.sys');
    const call = (await page.getByText(/^GET http/).innerText()).replace('GET ', '');
    const { rows } = (await (await fetch(call)).json()) as { rows: Array<{ crashes: number }> };
    expect(rows.reduce((total, { crashes }) => total + crashes, 0)).toBe(900);
    await page.getByRole('button', { name: 'DE' }).first().click();
    await page.getByRole('img', { name: /300 crashes/ }).waitFor();
  });

  it('says who was told and who was not, and what was refused', async () => {
    await addOperations(api.db);
    const page = await open('/deliveries');
    expect(await page.getByRole('row', { name: /^ops-chat/ }).innerText()).toMatch(/works[\s\S]*busy/);
    expect(await page.getByRole('row', { name: /^pager/ }).innerText()).toMatch(/fails[\s\S]*none[\s\S]*no such key/);
    await page.getByRole('link', { name: 'Health' }).click();
    await page.getByRole('row', { name: /out of range bugchecks bugcheck_code 1/ }).waitFor();
  });

  it.each([
    { name: 'now-light', path: '/', width: 1280, dark: false },
    { name: 'now-dark', path: '/', width: 1280, dark: true },
    { name: 'now-narrow', path: '/', width: 320, dark: false },
    { name: 'now-wide', path: '/', width: 3840, dark: true },
    { name: 'updates-light', path: '/updates', width: 1280, dark: false },
    { name: 'updates-narrow', path: '/updates', width: 320, dark: true },
    { name: 'update-light', path: updatePath, width: 1280, dark: false },
    { name: 'update-narrow', path: updatePath, width: 320, dark: true },
    { name: 'incident-light', path: incidentPath, width: 1280, dark: false },
    { name: 'incident-narrow', path: incidentPath, width: 320, dark: true },
    { name: 'hosts-light', path: `${incidentPath}?tab=hosts`, width: 1280, dark: false },
    { name: 'hosts-narrow', path: `${incidentPath}?tab=hosts`, width: 320, dark: true },
    { name: 'drivers-light', path: '/drivers', width: 320, dark: false },
    { name: 'driver-dark', path: '/drivers/csagent.sys', width: 1280, dark: true },
    { name: 'driver-narrow', path: '/drivers/csagent.sys', width: 320, dark: false },
    { name: 'explore-light', path: '/explore', width: 1280, dark: false },
    { name: 'explore-narrow', path: '/explore', width: 320, dark: true },
    { name: 'deliveries-light', path: '/deliveries', width: 1280, dark: false },
    { name: 'deliveries-narrow', path: '/deliveries', width: 320, dark: true },
    { name: 'health-light', path: '/health', width: 1280, dark: false },
    { name: 'health-narrow', path: '/health', width: 320, dark: true },
  ])('can be used by everybody: $name', async ({ name, path, width, dark }) => {
    const page = await open(path, { width, dark });
    await browser.settled(page);
    expect(await findingsOf(page)).toEqual([]);
    expect(await sidewaysOf(page)).toBe(0);
    await browser.picture(page, name);
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
    await page.getByRole('article').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /300 of 600/ }).waitFor();
  });

  it('shows its keys, and lets them be switched off', async () => {
    const page = await open('/');
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Help' });
    await help.waitFor();
    expect(await findingsOf(page)).toEqual([]);
    await help.getByLabel('Single keys do this').uncheck();
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    await page.getByRole('table').first().waitFor();
    expect(await help.count()).toBe(0);
  });

  it('draws a hundred updates and a day of minutes within a second', async () => {
    await addBusyDay(api.db);
    const drawn: number[] = [];
    for (let load = 0; load < 3; load += 1) {
      const page = await open('/?window=24h');
      await page.getByRole('img', { name: /peak/ }).waitFor();
      drawn.push(
        await eventually(
          () => page.evaluate<number>(drawnAfterMs),
          (ms) => ms > 0,
          5_000,
        ),
      );
      await page.context().close();
    }
    const page = await open('/updates');
    await page.getByText(/^10\d updates|10\d of 10\d/).waitFor();
    expect(await page.getByRole('row').count()).toBeGreaterThan(100);
    // Where more wants to run than there are cores, everything takes so much longer.
    const crowd = Math.max(1, loadavg()[0]! / availableParallelism());
    process.stdout.write(
      `a day of minutes is drawn after ${drawn.map(Math.round).join(', ')} ms, ${crowd.toFixed(1)} to a core\n`,
    );
    expect(Math.min(...drawn)).toBeLessThan(1_000 * crowd);
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
    const missing = await open('/incidents/none');
    await missing.getByRole('alert').getByText('there is no incident none').waitFor();
    expect(browser.complaints.splice(0).filter((line) => !/^404 |Failed to load resource/.test(line))).toEqual([]);
  });
});

/** Runs in the page: when the chart was on its canvas, since the page was asked for; 0 before. */
const drawnAfterMs = "performance.getEntriesByName('chart drawn').at(-1)?.startTime ?? 0";

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
