import fc from 'fast-check';
import { Curve, StratumCurves, binOf, partsOf, stratumOf } from './curve';

const steps = fc.array(fc.record({ bin: fc.integer({ min: -5, max: 60 }), hosts: fc.nat(5) }), { maxLength: 40 });

/** The same as a plain list: add up all that came by then. */
const naive = (added: ReadonlyArray<{ bin: number; hosts: number }>, bin: number) =>
  added.reduce((sum, step) => sum + (step.bin <= bin ? step.hosts : 0), 0);

describe('a curve of hosts', () => {
  it('counts all that came by the end of a bin, in whatever order it was told', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: -10, max: 70 }), (added, bin) => {
        const curve = new Curve();
        for (const step of added) curve.add(step.bin, step.hosts);
        expect(curve.upTo(bin)).toBe(naive(added, bin));
        expect(curve.total()).toBe(naive(added, Infinity));
        expect(curve.lastBin()).toBe(Math.max(-Infinity, ...added.map((step) => step.bin)));
      }),
    );
  });

  it('knows by when at most so many had come', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 100 }), (added, hosts) => {
        const curve = new Curve();
        for (const step of added) curve.add(step.bin, step.hosts);
        const bins = added.map(({ bin }) => bin).filter((bin) => naive(added, bin) <= hosts);
        expect(curve.binOf(hosts)).toBe(Math.max(-Infinity, ...bins));
      }),
    );
  });

  it('counts while it is being told', () => {
    fc.assert(
      fc.property(steps, (added) => {
        const curve = new Curve();
        added.forEach((step, index) => {
          curve.add(step.bin, step.hosts);
          expect(curve.upTo(step.bin)).toBe(naive(added.slice(0, index + 1), step.bin));
        });
      }),
    );
  });

  it('only grows with time', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: -10, max: 70 }), (added, bin) => {
        const curve = new Curve();
        for (const step of added) curve.add(step.bin, step.hosts);
        expect(curve.upTo(bin)).toBeLessThanOrEqual(curve.upTo(bin + 1));
      }),
    );
  });
});

describe('curves by stratum', () => {
  it('adds strata up, and knows the pace of the newest bins', () => {
    const curves = new StratumCurves();
    curves.add('b', 100, 3);
    curves.add('a', 40, 2);
    curves.add('b', 90, 5);
    expect(curves.totals()).toEqual([
      ['a', 2],
      ['b', 8],
    ]);
    expect(curves.total()).toBe(10);
    expect(curves.total(90)).toBe(7);
    expect(curves.lastSteps(10)).toBe(3);
    expect(curves.lastSteps(60)).toBe(8);
    expect(curves.upTo('c', 100)).toBe(0);
    expect(new StratumCurves().lastSteps(10)).toBe(0);
  });

  it('takes a host by its build and region, also where the build has the separator in it', () => {
    expect(partsOf(stratumOf('10.0|x', 'DE'))).toEqual(['10.0|x', 'europe']);
    expect(stratumOf('10.0', 'ZZ')).toBe('10.0|other');
  });

  it('has bins of 10 s that start on the full ten, before 1970 too', () => {
    expect([9_999, 10_000, 19_999, -1].map(binOf)).toEqual([0, 1, 1, -1]);
  });
});
