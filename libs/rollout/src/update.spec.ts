import fc from 'fast-check';
import { regionOf } from './region';
import { driverOfChannel, updateKey } from './update';

describe('updateKey', () => {
  it('is equal for equal updates only', () => {
    const text = fc.string({ maxLength: 3 }).filter((each) => !each.includes('\u0000'));
    const update = fc.record({ channel: text, version: text });
    fc.assert(
      fc.property(update, update, (one, other) => {
        const equal = one.channel === other.channel && one.version === other.version;
        expect(updateKey(one) === updateKey(other)).toBe(equal);
      }),
    );
  });
});

describe('driverOfChannel', () => {
  it.each([
    ['driver:nvlddmkm.sys', 'nvlddmkm.sys'],
    ['driver:', ''],
    ['channel-file-291', undefined],
    ['a driver:b', undefined],
    ['', undefined],
  ])('%s: %s', (channel, driver) => expect(driverOfChannel(channel)).toBe(driver));
});

describe('regionOf', () => {
  it.each([
    ['US', 'americas'],
    ['BR', 'americas'],
    ['DE', 'europe'],
    ['GB', 'europe'],
    ['JP', 'asia'],
    ['IN', 'asia'],
    ['TW', 'asia'],
    ['ZA', 'africa'],
    ['AU', 'oceania'],
    ['ZZ', 'other'],
    ['AQ', 'other'],
    ['de', 'other'],
  ])('%s is in %s', (country, region) => expect(regionOf(country)).toBe(region));

  it('knows all 248 ISO 3166-1 codes that lie in a region, and Kosovo', () => {
    const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
    const codes = letters.flatMap((one) => letters.map((other) => one + other));
    expect(codes.filter((code) => regionOf(code) !== 'other')).toHaveLength(249);
  });
});
