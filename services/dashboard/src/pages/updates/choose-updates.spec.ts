import type { Update } from '../../read/answers';
import { againstPrevious, narrow, toCsv, wishOf } from './choose-updates';

const update = (version: string, more: Partial<Update> = {}) =>
  ({
    update_channel: 'content',
    update_version: version,
    driver: 'csagent.sys',
    vendor: 'CrowdStrike',
    title: null,
    replaces: null,
    applied_hosts: 10,
    eligible_hosts: 100,
    crashed_per_1000: 1,
    verdict: 'go',
    judgement: null,
    ...more,
  }) as Update;
const all = [
  update('33', { replaces: '32' }),
  update('32', { replaces: '31', crashed_per_1000: 500, verdict: 'halt' }),
  update('31', { vendor: 'Other', crashed_per_1000: 2 }),
];
const versions = (query: string) => narrow(all, wishOf(new URLSearchParams(query))).map((each) => each.update_version);

describe('narrow', () => {
  it.each([
    { query: '', shown: ['33', '32', '31'] },
    { query: 'q=CSAGENT+32', shown: ['32'] },
    { query: 'vendor=Other', shown: ['31'] },
    { query: 'verdict=halt', shown: ['32'] },
    { query: 'sort=rate', shown: ['32', '31', '33'] },
    { query: 'sort=against', shown: ['32', '33', '31'] },
    { query: 'sort=nonsense', shown: ['33', '32', '31'] },
  ])('"$query" shows $shown', ({ query, shown }) => expect(versions(query)).toEqual(shown));
});

it('compares with the version that was replaced', () => {
  expect(againstPrevious(all[1]!, all)).toBe(250);
  expect(againstPrevious(all[2]!, all)).toBeUndefined();
});

it('writes CSV that no spreadsheet runs', () => {
  const [, line] = toCsv([update('=1+1', { title: 'a "b", c' })]).split('\r\n');
  expect(line).toContain(`content,'=1+1,csagent.sys,CrowdStrike,"a ""b"", c"`);
});
