import type { RowOfId } from '@ringwatch/clickhouse';
import { losersAmong } from './conflict-audit';

const row = (name: string, receivedAt: number, partition = 0, offset = 0, id = 'id'): RowOfId => ({
  partition,
  offset,
  receivedAt,
  contentHash: name,
  content: [id, 0, name],
});
const losing = (...rows: RowOfId[]) => losersAmong('installs', rows).map(({ row: { contentHash } }) => contentHash);

describe('losersAmong', () => {
  it.each([
    ['who arrived first stays', [row('late', 2), row('early', 1)], ['late']],
    ['at one time the lower partition stays', [row('b', 1, 1), row('a', 1, 0, 9)], ['b']],
    ['in one partition the lower offset stays', [row('b', 1, 0, 2), row('a', 1, 0, 1)], ['b']],
    ['a copy of who stays loses nothing', [row('a', 1), row('a', 3, 0, 3)], []],
    ['copies of a loser are one loser', [row('a', 1), row('b', 2), row('b', 3, 0, 3)], ['b']],
    ['who arrived first may come first as a copy', [row('b', 2), row('a', 3), row('a', 1, 1)], ['b']],
    ['of three contents two lose', [row('c', 3), row('a', 1), row('b', 2)], ['b', 'c']],
    ['other ids have nothing to do with it', [row('a', 1), row('b', 2, 0, 0, 'other')], []],
  ])('%s', (_, rows, expected) => expect(losing(...rows)).toEqual(expected));

  it('knows a heartbeat by host and instant', () => {
    const beat = (host: string, at: number, name: string) => ({ ...row(name, 1), content: [at, host, name] });
    const rows = [beat('h', 1, 'a'), beat('h', 2, 'b'), beat('g', 1, 'c'), beat('h', 1, 'd')];
    expect(losersAmong('heartbeats', rows).map(({ row: { contentHash } }) => contentHash)).toEqual(['d']);
  });
});
