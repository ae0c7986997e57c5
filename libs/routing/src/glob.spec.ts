import fc from 'fast-check';
import { fits, includes } from './glob';

it.each([
  { pattern: 'channel-file-*', name: 'channel-file-291', is: true },
  { pattern: 'channel-file-*', name: 'channel-file-', is: true },
  { pattern: 'channel-file-*', name: 'xchannel-file-291', is: false },
  { pattern: 'CSAgent.sys', name: 'csagent.sys', is: true },
  { pattern: 'nv*.sys', name: 'nvlddmkm.sys', is: true },
  { pattern: 'nv*.sys', name: 'nvlddmkm.sys.bak', is: false },
  { pattern: '*a*b*', name: 'xxaxxbxx', is: true },
  { pattern: '*a*b', name: 'ababa', is: false },
  { pattern: 'acme-?', name: 'acme-1', is: true },
  { pattern: 'acme-?', name: 'acme-', is: false },
  { pattern: '*', name: '', is: true },
  { pattern: '', name: 'a', is: false },
  { pattern: 'a.c', name: 'abc', is: false },
])('$pattern and $name: $is', ({ pattern, name, is }) => expect(fits(pattern, name)).toBe(is));

it('says the same as a regular expression', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
  fc.assert(
    fc.property(text, fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 }), (pattern, name) => {
      const same = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'u');
      expect(fits(pattern, name)).toBe(same.test(name));
    }),
  );
});

it('takes no time for a pattern that would keep a regular expression busy', () => {
  const startedAt = performance.now();
  expect(fits(`${'*a'.repeat(40)}b`, 'a'.repeat(160))).toBe(false);
  expect(performance.now() - startedAt).toBeLessThan(100);
});

it('never says that a pattern includes another that it does not', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 5 });
  fc.assert(
    fc.property(text, text, fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 6 }), (wide, narrow, name) => {
      if (includes(wide, narrow) && fits(narrow, name)) expect(fits(wide, name)).toBe(true);
    }),
  );
});
