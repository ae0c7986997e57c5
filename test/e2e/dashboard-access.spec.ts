import { drawKey, storeApiKey } from '@ringwatch/clickhouse';
import { type ApiUnderTest, startApiUnderTest } from '../support/api';
import { BrowserUnderTest, describeInBrowser, findingsOf } from '../support/browser';
import { fillWithJuly, july, openJulyIncident } from '../support/july-store';

describeInBrowser('the dashboard where a key is wanted', () => {
  let api: ApiUnderTest;
  const browser = new BrowserUnderTest();
  const { key, keyId, secretHash } = drawKey();

  beforeAll(async () => {
    [api] = await Promise.all([startApiUnderTest({ API_ACCESS: 'keys' }), browser.start()]);
    const createdAt = new Date(july.shippedAt);
    await storeApiKey(api.db, {
      keyId,
      name: 'ann',
      secretHash,
      scopes: ['read'],
      orgs: [],
      createdAt,
      revokedAt: null,
    });
    await fillWithJuly(api.db);
    await openJulyIncident(api.db);
  });
  afterAll(async () => {
    await browser.stop();
    await api.stop();
  });

  it('asks for it, says what is wrong with another, and then shows the page that was wanted', async () => {
    const page = await browser.open(`${api.url}/incidents/${july.incidentId}`);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await findingsOf(page)).toEqual([]);
    await page.getByLabel('Your key').fill('rw_wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('the key is not known').waitFor();
    await page.getByLabel('Your key').fill(key);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /300 of 600/ }).waitFor();
    await page.getByText('ann', { exact: false }).first().waitFor();
    await page.getByText('live', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: 'Acknowledge' }).count()).toBe(0); // the key may look and no more
    expect(await page.evaluate('document.cookie')).toBe('');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });
});
