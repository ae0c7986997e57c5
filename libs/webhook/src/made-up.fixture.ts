import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { incidentChangeSchema, type IncidentChange } from '@ringwatch/incident';
import fc from 'fast-check';
import type { z } from 'zod';
import type { Target } from '../stand-ins';
import type { Announcement } from './announce';
import { ours, say } from './phrase';
import { readReceiver } from './receiver-entry';
import type { Receiver, ReceiverKind } from './receiver';

type IncidentDraft = z.input<typeof incidentChangeSchema>;

/** The change of a golden case. */
export function changeOf(name: string, more: Partial<IncidentDraft> = {}): IncidentChange {
  const path = join(__dirname, '..', 'cases', `${name}.json`);
  const { given } = JSON.parse(readFileSync(path, 'utf8')) as { given: IncidentDraft };
  return incidentChangeSchema.parse({ ...given, ...more });
}

/** A receiver for a target at an origin, read as from the receivers file. */
export function receiverFor(kind: ReceiverKind, target: Target, origin: string): Receiver {
  const entry = { kind, name: `my-${kind}`, url: `${origin}${target.path}`, ...target.settings };
  const reading = readReceiver(entry, { place: 'receivers[0]', readFile: () => '', also: {} });
  if (reading.kind === 'refused') throw new Error(reading.problems.join('\n'));
  return reading.receiver;
}

/** As little as can be announced. */
export const small: Announcement = {
  title: say`SEV1 opened: hosts crash under ${'chan 1'} ${ours('(50 % sure, since 2024-07-19 04:10 UTC)')}`,
  tone: 'sev1',
  follows: [],
  story: [ours('One host crashed.')],
  facts: [{ label: 'Driver', value: say`${'a.sys'}` }],
  rivals: [],
  advice: ours('Wait.'),
  links: [],
  footer: say`incident ${'inc-1'}`,
};

/** What somebody could call a driver, a channel, an organisation or themselves to be heard by everyone or to lead astray. */
export const hostileNames = [
  '@everyone',
  '@here',
  '@channel',
  '@all',
  '<!channel>',
  '<!everyone>',
  '<@123456>',
  '<@&123456>',
  '<users/all>',
  '<at>Everyone</at>',
  '[click](https://evil.example)',
  '<https://evil.example|click>',
  '<a href="https://evil.example">click</a>',
  'https://evil.example/',
  'www.evil.example',
  '`*x*` _y_ ~z~ **q** ||s||',
  '`` `@everyone` ``',
  '\\`@everyone\\`',
  '</code><b>bold</b>',
  '# heading',
  '1. list',
  '- list',
  '{{DATE(2024-01-01T00:00:00Z,SHORT)}}',
  '&lt;!channel&gt; & "quoted"',
  'a\u202Efdp.exe\u200B\nnext\tline',
  '\uD83D\uDE00'.repeat(60),
  '\uD800',
  ' ',
];

const longName = fc
  .string({
    unit: fc.constantFrom(...'ab<>&"`*_@[]()|~\\#:/ ', '\u202E', '\uD83D\uDE00', 'é', '字'),
    minLength: 1,
    maxLength: 240,
  })
  .map((text) => text.padEnd(240, '<&`@字'));
const name = fc.oneof(longName, fc.constantFrom(...hostileNames));
const hosts = fc.nat(5_000_000);

function counted(most: number) {
  return fc.array(fc.record({ value: name, hosts }), { minLength: 0, maxLength: most, size: 'max' });
}

const suspect = fc.record({
  update_channel: name,
  update_version: name,
  driver: name,
  driver_version: name,
  shipped_at: fc.constantFrom(null, '2024-07-19T04:09:00.000Z'),
  confidence: fc.double({ min: 0, max: 1, noNaN: true }),
});

/** Any change of an incident with as much in it as can be: 400 organisations, names of 240 hostile characters. */
export const hugeChange: fc.Arbitrary<IncidentChange> = fc
  .record({
    change: fc.constantFrom(...incidentChangeSchema.shape.change.options),
    severity: fc.constantFrom('sev1' as const, 'sev2' as const, 'sev3' as const),
    sequence: fc.integer({ min: 1, max: 9_999 }),
    suspect,
    others: fc.array(suspect, { maxLength: 12 }),
    separable: fc.boolean(),
    signal: fc.constantFrom('crashes' as const, 'silence' as const, 'both' as const),
    recommendation: fc.constantFrom('halt' as const, 'roll_back' as const, 'investigate' as const, 'none' as const),
    countries: counted(20),
    orgs: counted(400),
    builds: counted(20),
    codes: counted(20),
    signatures: counted(20),
    text: name,
    reason: name,
    numbers: fc.record({ observed: hosts, exposed: hosts, left: hosts }),
  })
  .map((made) => {
    const base = changeOf('opened');
    const { observed, exposed, left } = made.numbers;
    const forecast = {
      hosts_left: left,
      pace_per_minute: left / 7,
      all_by: '2024-07-19T05:00:00.000Z',
      expected_crashed_hosts: left / 3,
      saved_by_halting: left / 5,
    };
    return incidentChangeSchema.parse({
      ...base,
      change: made.change,
      severity: made.severity,
      sequence: made.sequence,
      suspect: made.suspect,
      other_suspects: made.others,
      separable: made.separable,
      signal: made.signal,
      recommendation: made.recommendation,
      reason: made.reason,
      superseded_by: made.text,
      assignee: made.text,
      action: {
        event_id: 'a',
        action:
          (
            {
              acknowledged: 'acknowledge',
              assigned: 'assign',
              muted: 'mute',
              unmuted: 'unmute',
              resolved: 'resolve',
            } as const
          )[made.change as 'muted'] ?? 'comment',
        actor: made.text,
        occurred_at: base.detected_at,
        text: made.text.repeat(8),
      },
      evidence: {
        ...base.evidence,
        observed,
        exposed_hosts: exposed,
        countries: made.countries,
        orgs: made.orgs,
        orgs_total: 400,
        os_builds: made.builds,
        stop_codes: made.codes,
        signatures: made.signatures.map((each) => ({ ...each, parts: [] })),
        signatures_total: 400,
        other_stops: [{ kind: 'hardware', hosts: 3 }],
        forecast,
      },
    });
  });
