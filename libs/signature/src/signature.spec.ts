import fc from 'fast-check';
import { driverName, driverOfSignature } from './driver';
import { rules } from './rules';
import { type Failure, signatureOf } from './signature';
import { subtypes } from './subtype-table';

const word64 = fc.oneof(fc.bigInt(0n, (1n << 64n) - 1n), fc.bigInt(0n, 0x40n), fc.constant(0xffffffffc0000005n));
const code = fc.oneof(fc.nat(0xffffffff), fc.constantFrom(...Object.keys(subtypes).map(Number)));
const failure: fc.Arbitrary<Failure> = fc.record({
  bugcheck_code: code,
  bugcheck_parameters: fc.array(word64, { minLength: 4, maxLength: 4 }),
  driver: fc.oneof(
    fc.constantFrom('csagent.sys', 'unknown', 'ntoskrnl.exe'),
    fc.string({ minLength: 1, maxLength: 128 }),
  ),
  fault_offset: fc.option(word64),
});
const TWIN = 0x10000000;

describe('the signature of any bugcheck', () => {
  it('has a stop code and a driver, each part from one rule, in the order of the rules', () => {
    const order = ['stop_code', 'driver', 'subtype', 'offset'];
    fc.assert(
      fc.property(failure, (each) => {
        const { text, fineText, parts } = signatureOf(each);
        const names = parts.map(({ name }) => name);
        expect(names).toEqual(order.filter((name) => names.includes(name as never)));
        expect(names.slice(0, 2)).toEqual(['stop_code', 'driver']);
        expect(fineText.startsWith(text)).toBe(true);
        for (const { rule, name } of parts) expect(rules.find((one) => one.name === rule)!.part).toBe(name);
      }),
    );
  });

  it('can be taken apart again, whatever the driver is called', () => {
    fc.assert(
      fc.property(failure, (each) => {
        const { text, fineText, parts } = signatureOf(each);
        expect(fineText.split(' | ')).toEqual(parts.map(({ value }) => value));
        expect(driverOfSignature(text)).toBe(driverName(each.driver));
        expect(driverOfSignature(driverName(each.driver))).toBeUndefined();
      }),
    );
  });

  it('is the same with the twin bit', () => {
    const known = fc.constantFrom(...Object.keys(subtypes).map(Number));
    fc.assert(
      fc.property(failure, known, (each, low) => {
        const plain = signatureOf({ ...each, bugcheck_code: low });
        const twin = signatureOf({ ...each, bugcheck_code: TWIN + low });
        expect([twin.text, twin.fineText]).toEqual([plain.text, plain.fineText]);
        expect(twin.parts[0]!.rule).toBe('twin_code_folded');
      }),
    );
  });

  it('holds no address: whatever boot moved by whole pages leaves it as it was', () => {
    const address = fc.bigInt(0xffff800000000000n, 0xfffffeffffffffffn);
    const pages = fc.bigInt(0n, 0xffffffn).map((count) => count << 12n);
    fc.assert(
      fc.property(failure, fc.array(address, { minLength: 4, maxLength: 4 }), pages, (each, addresses, moved) => {
        const before = signatureOf({ ...each, bugcheck_parameters: addresses });
        const after = signatureOf({ ...each, bugcheck_parameters: addresses.map((one) => one + moved) });
        expect(after).toEqual(before);
      }),
    );
  });

  it('does not split by build at the coarse level: no offset is in it', () => {
    fc.assert(
      fc.property(failure, fc.option(word64), (each, other) => {
        expect(signatureOf({ ...each, fault_offset: other }).text).toBe(signatureOf(each).text);
      }),
    );
  });
});

describe('the names of drivers', () => {
  it.each([
    ['CSAgent.SYS', 'csagent.sys'],
    ['*', '_'],
    ['a | b', 'a _ b'],
    ['  ', 'unknown'],
  ])('%j is %j', (image, name) => expect(driverName(image)).toBe(name));
});
