import { signatureOf } from '@ringwatch/signature';
import fc from 'fast-check';
import type { Crash } from '../evidence';
import { KeptCrashes, NO_CRASH } from './kept-crashes';

function crashOf(hostId: string, number: number, more: Partial<Crash> = {}): Crash {
  const { driver = 'content.sys', stopCode = 0x50 } = more;
  const failure = { bugcheck_code: stopCode, bugcheck_parameters: [0n, 0n, 0n, 0n], driver, fault_offset: 16n };
  return {
    ...{ eventId: `crash-${number}`, hostId, orgId: 'org', country: 'DE', osBuild: '10.0.2' },
    ...{ stratumCountry: 'US', stratumOsBuild: '10.0.1', stopCode, signature: signatureOf(failure), driver },
    ...{ driverVersion: '1.2', channel: 'content', receivedAt: 2, occurredAt: 1, ...more },
  };
}

/** What is done to the store: few hosts and times, so that rows are taken again and crashes happen at once. */
const step = fc.oneof(
  fc.record({
    host: fc.nat(3),
    occurredAt: fc.nat(9),
    receivedAt: fc.nat(9),
    driver: fc.constantFrom('a.sys', 'b.sys'),
    channel: fc.constantFrom('', 'one', 'two'),
  }),
  fc.record({ forgetBefore: fc.nat(9) }),
);

function inOrder(crashes: readonly Crash[]): Crash[] {
  return [...crashes].sort((a, b) => a.occurredAt - b.occurredAt || (a.eventId < b.eventId ? -1 : 1));
}

describe('kept crashes', () => {
  it('come back as they were given', () => {
    const kept = new KeptCrashes();
    const crash = crashOf('h', 1);
    expect(kept.since(kept.add(NO_CRASH, crash), -Infinity)).toEqual([crash]);
  });

  it('tell twins of a stop code apart, whose signatures have the same text', () => {
    const kept = new KeptCrashes();
    const [one, twin] = [crashOf('h', 1, { stopCode: 0x7e }), crashOf('h', 2, { stopCode: 0x1000007e })];
    expect(twin.signature.fineText).toBe(one.signature.fineText);
    expect(kept.since(kept.add(kept.add(NO_CRASH, one), twin), -Infinity)).toEqual([one, twin]);
  });

  it('stay what a plain list would hold, through more rows than there was room for', () => {
    const kept = new KeptCrashes();
    const crashes = Array.from({ length: 5_000 }, (_, index) =>
      crashOf('h', index, { occurredAt: index, driver: `d${index}.sys` }),
    );
    const chain = crashes.reduce((newest, crash) => kept.add(newest, crash), NO_CRASH);
    expect(kept.since(chain, 0)).toEqual(crashes);
  });

  it('take no more memory for words than for crashes, were each by another driver', () => {
    const kept = new KeptCrashes();
    let chain = NO_CRASH;
    for (let number = 0; number < 1_000; number++) {
      chain = kept.add(chain, crashOf('h', number, { receivedAt: number, driver: `driver-${number}.sys` }));
      chain = kept.forget(chain, number - 9);
      kept.forgetWords();
      expect(kept.wordCount).toBeLessThanOrEqual(30);
    }
    expect(kept.since(chain, 0).map(({ driver }) => driver)).toContain('driver-999.sys');
  });

  it('are what a plain list would hold, whatever is added and let go of', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const kept = new KeptCrashes();
        const chains = new Map<string, number>();
        let plain: Crash[] = [];
        for (const [number, each] of steps.entries()) {
          if ('forgetBefore' in each) {
            for (const [hostId, chain] of chains) chains.set(hostId, kept.forget(chain, each.forgetBefore));
            kept.forgetWords();
            plain = plain.filter(({ receivedAt }) => receivedAt >= each.forgetBefore);
          } else {
            const { host, ...more } = each;
            const crash = crashOf(`host-${host}`, number, more);
            chains.set(crash.hostId, kept.add(chains.get(crash.hostId) ?? NO_CRASH, crash));
            plain.push(crash);
          }
        }
        for (const [hostId, chain] of chains) {
          const own = inOrder(plain.filter((crash) => crash.hostId === hostId));
          for (let since = 0; since < 10; since++) {
            const late = own.filter(({ occurredAt }) => occurredAt >= since);
            expect(kept.since(chain, since)).toEqual(late);
            const first = late.find(({ driver }) => driver === 'a.sys');
            expect(kept.firstSince(chain, since, 'a.sys')).toEqual(first);
          }
          for (let number = 0; number < steps.length; number++) {
            const eventId = `crash-${number}`;
            expect(kept.has(chain, eventId)).toBe(own.some((crash) => crash.eventId === eventId));
          }
        }
        expect(inOrder(kept.naming('one'))).toEqual(inOrder(plain.filter(({ channel }) => channel === 'one')));
      }),
    );
  });
});
