import type { Update } from '../read/answers';
import { marksOf } from './marks';

const update = (version: string, shipped: number, more: Partial<Update> = {}) =>
  ({
    update_channel: 'content',
    update_version: version,
    shipped_at: new Date(shipped).toISOString(),
    withdrawn_at: null,
    ...more,
  }) as Update;

const isSuspect = ({ update_version: version }: Update) => version === 'bad';

describe('marksOf', () => {
  it('marks what was shipped and withdrawn in the window, in order of time', () => {
    const withdrawn = update('bad', 50, { withdrawn_at: new Date(90).toISOString() });
    const marks = marksOf(
      [withdrawn, update('early', 9), update('good', 10), update('late', 100)],
      isSuspect,
      [10, 100],
    );
    expect(marks.map(({ letter, kind, version, suspect }) => [letter, kind, version, suspect])).toEqual([
      ['A', 'shipped', 'good', false],
      ['B', 'shipped', 'bad', true],
      ['C', 'withdrawn', 'bad', true],
    ]);
  });

  it('keeps the suspect where there are too many', () => {
    const many = Array.from({ length: 30 }, (_, n) => update(`v${n}`, n));
    const marks = marksOf([...many, update('bad', 40)], isSuspect, [0, 100]);
    expect(marks).toHaveLength(8);
    expect(marks.at(-1)).toMatchObject({ version: 'bad', letter: 'H' });
  });
});
