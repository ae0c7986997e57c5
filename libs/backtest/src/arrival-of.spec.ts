import { ArrivalReader } from './arrival-of';

function arrivalOf(text: string): string | number {
  const bytes = Buffer.from(`,${text},`);
  const read = new ArrivalReader().read(bytes, 1, bytes.length - 1);
  if (typeof read !== 'number') return `${read.reason} ${read.field}`;
  return read === 0 ? 0 : new Date(read).toISOString();
}

describe('when a recorded event arrived', () => {
  it.each([
    ['what it says', '{"received_at":"2024-07-19T04:10:00.250Z","occurred_at":"2024-07-19T04:09:00Z"}'],
    ['in any zone', '{"occurred_at":"2024-07-19T04:09:00Z","received_at":"2024-07-19T06:10:00.2509+02:00"}'],
    ['when it occurred, where it does not say', '{"occurred_at":"2024-07-19T04:10:00.250Z","host_id":"h"}'],
    ['also behind what is not plain', '{"a\\u0062":{"b":[1]},"received_at":"2024-07-19T04:10:00.250\\u005a"}'],
  ])('%s', (_, line) => expect(arrivalOf(line)).toBe('2024-07-19T04:10:00.250Z'));

  it.each([
    ['{"received_at":5,"occurred_at":"2024-07-19T04:09:00Z"}', 'wrong_type received_at'],
    ['{"received_at":"noon","occurred_at":"2024-07-19T04:09:00Z"}', 'wrong_type received_at'],
    ['{"received_at":null,"occurred_at":"2024-07-19T04:09:00Z"}', 'wrong_type received_at'],
    ['{"received_at":"1999-12-31T23:59:59Z"}', 'out_of_range received_at'],
    ['{"received_at":"2200-01-01T00:00:00Z"}', 'out_of_range received_at'],
  ])('%s is refused', (line, why) => expect(arrivalOf(line)).toBe(why));

  it.each(['', 'hello', '[]', '{}', '{"occurred_at":5}', '{"occurred_at":"2024-07-19T04:09:00Z"'])(
    'is nothing that could be known of %s: it is refused for what it lacks',
    (line) => expect(arrivalOf(line)).toBe(0),
  );
});
