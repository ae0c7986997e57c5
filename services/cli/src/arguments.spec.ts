import { readCount, readTime, readTopic } from './arguments';
import { UsageError, table } from './output';

const now = Date.parse('2026-03-01T12:00:00Z');

describe('arguments', () => {
  it.each([
    ['90s', '2026-03-01T11:58:30Z'],
    ['7d', '2026-02-22T12:00:00Z'],
    ['2026-03-01T12:00:00+01:00', '2026-03-01T11:00:00Z'],
  ])('%s is a time', (text, instant) => expect(readTime('--since', text, now)).toBe(Date.parse(instant)));

  it.each([
    () => readTime('--since', 'yesterday', now),
    () => readTime('--since', '-1h', now),
    () => readCount('--last', '0'),
    () => readCount('--last', '1.5'),
    () => readTopic('dead-letters'),
  ])('%s is refused', (read) => expect(read).toThrow(UsageError));
});

describe('table', () => {
  it('is as wide as it has to be, with numbers to the right', () => {
    expect(
      table(
        ['name', 'n'],
        [
          ['a', 5],
          ['long name', 10],
        ],
      ),
    ).toBe('name        n\na           5\nlong name  10\n');
  });
  it('shows control characters of producers as what they are not', () => {
    expect(table(['t'], [['a\u001b[31m\nb']])).toBe('t\na\ufffd[31m\ufffdb\n');
  });
  it('is nothing without rows', () => expect(table(['t'], [])).toBe(''));
});
