import type { Update } from '../../read/answers';
import { againstPrevious, filtersIn, inOrder, toCsv, wishOf } from './choose-updates';

const update = (version: string, more: Partial<Update> = {}) =>
  ({
    update_channel: 'content',
    update_version: version,
    driver: 'csagent.sys',
    vendor: 'CrowdStrike',
    title: null,
    replaces: null,
    shipped_at: null,
    first_applied_at: null,
    first_heard_at: '2024-07-19T04:00:00Z',
    applied_hosts: 10,
    eligible_hosts: 100,
    crashed_per_1000: 1,
    verdict: 'go',
    judgement: null,
    ...more,
  }) as Update;
const all = [
  update('33', { replaces: '32', shipped_at: '2024-07-19T05:00:00Z', applied_hosts: 30 }),
  update('32', { replaces: '31', crashed_per_1000: 500, shipped_at: '2024-07-19T03:00:00Z' }),
  update('31', { crashed_per_1000: 2, applied_hosts: 20, eligible_hosts: 20 }),
  update('30', { crashed_per_1000: null, applied_hosts: 0, eligible_hosts: 0, first_heard_at: '2024-07-19T01:00:00Z' }),
];
const versions = (query: string) =>
  inOrder(all, wishOf(new URLSearchParams(query)), all).map((each) => each.update_version);

describe('inOrder', () => {
  it.each([
    { query: '', shown: ['33', '31', '32', '30'] },
    { query: 'order=ascending', shown: ['30', '32', '31', '33'] },
    { query: 'sort=hosts', shown: ['33', '31', '32', '30'] },
    { query: 'sort=adoption', shown: ['31', '33', '32', '30'] },
    { query: 'sort=rate', shown: ['32', '31', '33', '30'] },
    { query: 'sort=rate&order=ascending', shown: ['33', '31', '32', '30'] },
    { query: 'sort=against', shown: ['32', '33', '31', '30'] },
    { query: 'sort=nonsense&order=sideways', shown: ['33', '31', '32', '30'] },
  ])('"$query" shows $shown', ({ query, shown }) => expect(versions(query)).toEqual(shown));
});

it.each([
  { query: 'sort=rate', asked: {} },
  { query: 'q=a+b&channel=c&vendor=', asked: { q: 'a b', channel: 'c' } },
  { query: 'verdict=go&verdict=nonsense&verdict=halt', asked: { verdict: ['halt', 'go'] } },
  { query: 'under_way=true&driver=d.sys', asked: { under_way: 'true', driver: 'd.sys' } },
  { query: 'under_way=1', asked: {} },
])('asks the api for what "$query" leaves', ({ query, asked }) =>
  expect(filtersIn(wishOf(new URLSearchParams(query)))).toEqual(asked),
);

it('compares with the version that was replaced', () => {
  expect(againstPrevious(all[1]!, all)).toBe(250);
  expect(againstPrevious(all[2]!, all)).toBeUndefined();
});

it('writes CSV that no spreadsheet runs', () => {
  const [, line] = toCsv([update('=1+1', { title: 'a "b", c' })]).split('\r\n');
  expect(line).toContain(`content,'=1+1,csagent.sys,CrowdStrike,"a ""b"", c"`);
});
