import { OffsetSet } from './offset-set';

describe('OffsetSet', () => {
  it('has what was added, and nothing beside it', () => {
    const set = new OffsetSet();
    const offsets = [0, 7, 8, 2_047, 2_048, 2 ** 40];
    for (const offset of offsets) set.add('t', 1, offset);
    for (const offset of offsets) {
      expect([set.has('t', 1, offset), set.has('t', 1, offset + 3)]).toEqual([true, false]);
      expect([set.has('t', 0, offset), set.has('u', 1, offset)]).toEqual([false, false]);
    }
  });
});
