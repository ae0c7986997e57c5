import { parametersOf, questionOf } from './question';

const ask = (query: string) => questionOf(new URLSearchParams(query));
const range = { since: '2024-07-19T04:00:00.000Z', until: '2024-07-19T05:00:00.000Z' };

describe('a question', () => {
  it('has usual values where the address says nothing', () =>
    expect(ask('')).toMatchObject({ groupBy: ['driver', 'update_version'], range: '24h', bucket: '15m', top: 10 }));

  it('becomes the call of the api that answers it', () => {
    const question = ask('group_by=country,os_build&bucket=1m&driver=csagent.sys&driver=ntfs.sys&top=5');
    expect(parametersOf(question, range).toString()).toBe(
      'group_by=country%2Cos_build&driver=csagent.sys&driver=ntfs.sys&since=2024-07-19T04%3A00%3A00.000Z&until=2024-07-19T05%3A00%3A00.000Z&bucket=1m&top=5&others=true&limit=10000',
    );
  });

  it('has at most three groups, and none where none is wanted', () => {
    expect(ask('group_by=driver,country,org_id,os_build').groupBy).toHaveLength(3);
    expect(ask('group_by=').groupBy).toEqual([]);
    expect(parametersOf(ask('group_by=&bucket='), {}).toString()).toBe('limit=10000');
  });

  it('takes times of its own as they are, in UTC', () =>
    expect(parametersOf(ask('since=2024-07-19T04:09:00Z'), range).get('since')).toBe('2024-07-19T04:09:00.000Z'));
});
