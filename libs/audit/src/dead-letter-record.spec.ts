import { toRecords } from './dead-letter-record';

const letter = {
  reason: 'wrong_type',
  field: 'host_id',
  detail: 'host_id: wanted a string, got 5',
  sourceTopic: 'bugchecks',
  sourcePartition: 3,
  sourceOffset: 2 ** 53 - 1,
  sourceTimestamp: Date.parse('2026-03-01T12:00:00.123Z'),
  receivedAt: Date.parse('2026-03-01T12:00:01Z'),
  key: Buffer.from([0xff]),
  payload: Buffer.from([0x80, 0]),
};
const timestampOf = (sourceTimestamp: number) =>
  toRecords([{ ...letter, sourceTimestamp }])[0]!.headers!['source_timestamp'];

describe('toRecords', () => {
  it('keeps bytes and key untouched, and says why and whence in the headers', () => {
    expect(toRecords([letter])).toEqual([
      {
        topic: 'dead-letters',
        key: letter.key,
        value: letter.payload,
        headers: {
          reason: 'wrong_type',
          field: 'host_id',
          detail: 'host_id: wanted a string, got 5',
          source_topic: 'bugchecks',
          source_partition: '3',
          source_offset: '9007199254740991',
          source_timestamp: '2026-03-01T12:00:00.123Z',
        },
      },
    ]);
  });

  it('keeps a null key and a null value null, an empty one empty', () => {
    expect(toRecords([{ ...letter, key: null, payload: null }])).toMatchObject([{ key: null, value: null }]);
    expect(toRecords([{ ...letter, key: Buffer.alloc(0), payload: Buffer.alloc(0) }])).toMatchObject([
      { key: Buffer.alloc(0), value: Buffer.alloc(0) },
    ]);
  });

  it.each([
    [-1, '1969-12-31T23:59:59.999Z'],
    [Number.MIN_SAFE_INTEGER, '0000-01-01T00:00:00.000Z'],
    [-(2 ** 63), '0000-01-01T00:00:00.000Z'],
    [2 ** 63, '9999-12-31T23:59:59.999Z'],
  ])('has a time for the timestamp %d too, which no calendar may hold', (timestamp, shown) => {
    expect(timestampOf(timestamp)).toBe(shown);
  });
});
