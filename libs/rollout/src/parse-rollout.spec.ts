import { JsonObject, Refusal, decodeMessage } from '@ringwatch/message';
import { parseHeartbeat } from './parse-heartbeat';
import { parseInstall } from './parse-install';
import { parseUpdateAction } from './parse-update-action';

type Members = Record<string, string | undefined>;

const now = Date.parse('2026-03-01T12:00:00Z');
const occurredAt = Date.parse('2026-03-01T11:59:58.500Z');

const host: Members = {
  occurred_at: '"2026-03-01T11:59:58.5Z"',
  host_id: '"host-1"',
  org_id: '"org-1"',
  country: '"DE"',
  os_build: '"10.0.22631.3880"',
};
const update: Members = { update_channel: '"driver:NvLddMkm.SYS"', update_version: '"31.0.15.6000"' };

const inputs = {
  updates: {
    parse: parseUpdateAction,
    required: { event_id: '"u-1"', occurred_at: host['occurred_at'], action: '"shipped"', ...update } as Members,
    optional: {
      driver: '"NvLddMkm.SYS"',
      replaces: '"31.0.15.5999"',
      ring: '"early"',
      target_fraction: '0.25',
      vendor: '"NVIDIA"',
      title: '"Display driver"',
      content_sha256: '"ab12"',
    } as Members,
  },
  installs: {
    parse: parseInstall,
    required: { event_id: '"i-1"', ...host, ...update, outcome: '"applied"' } as Members,
    optional: { driver: '"NvLddMkm.SYS"', driver_version: '"31.0.15.6000"' } as Members,
  },
  heartbeats: {
    parse: parseHeartbeat,
    required: { ...host, booted_at: '"2026-03-01T08:00:00Z"' } as Members,
    optional: { updates: '[{"update_channel":"driver:A.SYS","update_version":"1"}]' } as Members,
  },
};
type Input = keyof typeof inputs;
const names = Object.keys(inputs) as Input[];
const requiredFields = names.flatMap((input) =>
  Object.keys(inputs[input].required).map((name) => [input, name] as const),
);

function parse(input: Input, members: Members): object | Refusal {
  const pairs = Object.entries(members).filter(([, json]) => json !== undefined);
  const decoded = decodeMessage(
    Buffer.from(`{${pairs.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join()}}`),
  );
  return decoded.kind === 'object' ? inputs[input].parse(decoded.members as JsonObject, now) : decoded;
}

function verdict(input: Input, name: string, json: string | undefined): unknown {
  const parsed = parse(input, { ...inputs[input].required, [name]: json }) as Record<string, unknown>;
  return parsed['kind'] === 'refused' ? `${parsed['reason']} ${parsed['field']}` : parsed[name];
}

const chars = (length: number) => JSON.stringify('x'.repeat(length));

describe('the parsers of updates, installs and heartbeats', () => {
  it('read what is required and give the rest a value that says nothing', () => {
    expect(parse('updates', inputs.updates.required)).toEqual({
      event_id: 'u-1',
      occurred_at: occurredAt,
      action: 'shipped',
      update_channel: 'driver:nvlddmkm.sys',
      update_version: '31.0.15.6000',
      driver: '',
      replaces: '',
      ring: '',
      target_fraction: null,
      vendor: '',
      title: '',
      content_sha256: '',
    });
    expect(parse('installs', inputs.installs.required)).toEqual({
      event_id: 'i-1',
      occurred_at: occurredAt,
      host_id: 'host-1',
      org_id: 'org-1',
      country: 'DE',
      os_build: '10.0.22631.3880',
      update_channel: 'driver:nvlddmkm.sys',
      update_version: '31.0.15.6000',
      outcome: 'applied',
      driver: '',
      driver_version: '',
    });
    expect(parse('heartbeats', inputs.heartbeats.required)).toEqual({
      occurred_at: occurredAt,
      host_id: 'host-1',
      org_id: 'org-1',
      country: 'DE',
      os_build: '10.0.22631.3880',
      booted_at: Date.parse('2026-03-01T08:00:00Z'),
      updates: [],
    });
  });

  it('read every optional field, image names in lower case', () => {
    const all = (input: Input) => parse(input, { ...inputs[input].required, ...inputs[input].optional });
    expect(all('updates')).toMatchObject({
      driver: 'nvlddmkm.sys',
      replaces: '31.0.15.5999',
      ring: 'early',
      target_fraction: 0.25,
      vendor: 'NVIDIA',
      title: 'Display driver',
      content_sha256: 'ab12',
    });
    expect(all('installs')).toMatchObject({ driver: 'nvlddmkm.sys', driver_version: '31.0.15.6000' });
    expect(all('heartbeats')).toMatchObject({ updates: [{ update_channel: 'driver:a.sys', update_version: '1' }] });
  });

  it.each(requiredFields)('%s are refused without %s', (input, name) => {
    expect(verdict(input, name, undefined)).toBe(`missing_field ${name}`);
    for (const other of ['null', '7', '[]', '{}']) expect(verdict(input, name, other)).toBe(`wrong_type ${name}`);
  });

  it.each(names.flatMap((input) => Object.keys(inputs[input].optional).map((name) => [input, name] as const)))(
    '%s are refused with %s of another type',
    (input, name) => {
      for (const other of ['null', '{}', 'true']) expect(verdict(input, name, other)).toBe(`wrong_type ${name}`);
    },
  );

  it.each([
    ['updates', 'event_id', 1, 64],
    ['updates', 'update_channel', 1, 160],
    ['updates', 'update_version', 1, 64],
    ['updates', 'driver', 0, 128],
    ['installs', 'event_id', 1, 64],
    ['installs', 'host_id', 1, 128],
    ['installs', 'org_id', 1, 128],
    ['installs', 'os_build', 1, 64],
    ['installs', 'update_channel', 1, 160],
    ['installs', 'update_version', 1, 64],
    ['installs', 'driver_version', 0, 64],
    ['heartbeats', 'host_id', 1, 128],
    ['heartbeats', 'org_id', 1, 128],
    ['heartbeats', 'os_build', 1, 64],
  ] as const)('%s have %s of %i to %i characters', (input, name, min, max) => {
    expect(verdict(input, name, chars(min))).toBe('x'.repeat(min));
    expect(verdict(input, name, chars(max))).toBe('x'.repeat(max));
    expect(verdict(input, name, chars(max + 1))).toBe(`out_of_range ${name}`);
    if (min > 0) expect(verdict(input, name, '""')).toBe(`out_of_range ${name}`);
    expect(verdict(input, name, String.raw`"a\u0000"`)).toBe(`wrong_type ${name}`);
    expect(verdict(input, name, String.raw`"a\udc00"`)).toBe(`wrong_type ${name}`);
  });

  it.each(['shipped', 'expanded', 'paused', 'withdrawn'])('an update can be %s', (action) =>
    expect(verdict('updates', 'action', JSON.stringify(action))).toBe(action),
  );
  it.each(['applied', 'removed', 'failed'])('an install can be %s', (outcome) =>
    expect(verdict('installs', 'outcome', JSON.stringify(outcome))).toBe(outcome),
  );
  it.each([
    ['updates', 'action', '"Shipped"'],
    ['updates', 'action', '"recalled"'],
    ['updates', 'action', '""'],
    ['updates', 'action', chars(500)],
    ['installs', 'outcome', '"APPLIED"'],
    ['installs', 'outcome', '"constructor"'],
  ] as const)('%s have no %s %s', (input, name, json) => expect(verdict(input, name, json)).toBe(`wrong_type ${name}`));

  it.each([
    ['0', 0],
    ['1', 1],
    ['1.0', 1],
    ['0.001', 0.001],
    ['1.001', 'out_of_range target_fraction'],
    ['-0.001', 'out_of_range target_fraction'],
    ['1e400', 'out_of_range target_fraction'],
    ['"0.5"', 'wrong_type target_fraction'],
  ])('target_fraction %s: %s', (json, expected) => expect(verdict('updates', 'target_fraction', json)).toBe(expected));

  it.each(names)('%s may occur from 2000 to a day after their record', (input) => {
    expect(verdict(input, 'occurred_at', '"2026-03-02T12:00:00Z"')).toBe(now + 86_400_000);
    expect(verdict(input, 'occurred_at', '"2026-03-02T12:00:00.001Z"')).toBe('out_of_range occurred_at');
    expect(verdict(input, 'occurred_at', '"2000-01-01T00:00:00Z"')).toBe(946_684_800_000);
    expect(verdict(input, 'occurred_at', '"1999-12-31T23:59:59.999Z"')).toBe('out_of_range occurred_at');
  });

  it.each(['installs', 'heartbeats'] as const)('%s have a country of two upper-case letters', (input) => {
    expect(verdict(input, 'country', '"ZZ"')).toBe('ZZ');
    for (const country of ['"zz"', '"DEU"', '""', '"D"'])
      expect(verdict(input, 'country', country)).toBe('wrong_type country');
  });

  it('a heartbeat may run any number of channels, each entry whole', () => {
    const entry = '{"update_channel":"a","update_version":""}';
    expect(verdict('heartbeats', 'updates', `[${Array(1_000).fill(entry)}]`)).toHaveLength(1_000);
    expect(verdict('heartbeats', 'updates', '[{"update_channel":"a"}]')).toBe('missing_field updates');
    expect(verdict('heartbeats', 'updates', '["a"]')).toBe('wrong_type updates');
    expect(verdict('heartbeats', 'updates', entry.replace('"a"', chars(161)).replace(/.*/, '[$&]'))).toBe(
      'out_of_range updates',
    );
  });

  it('a host may say that it booted at any time, its clock can be wrong', () => {
    expect(verdict('heartbeats', 'booted_at', '"1601-01-01T00:00:00Z"')).toBe(Date.parse('1601-01-01T00:00:00Z'));
    expect(verdict('heartbeats', 'booted_at', '"2999-01-01T00:00:00Z"')).toBe(Date.parse('2999-01-01T00:00:00Z'));
  });

  it.each(names)('%s take unknown fields, __proto__ first or last, and ignore them', (input) => {
    const { required } = inputs[input];
    const members = Object.entries(required).map(([name, json]) => `"${name}":${json}`);
    const extra = String.raw`"__proto__":{"host_id":"x","polluted":1},"constructor":null,"new":"\u0000"`;
    for (const text of [`{${extra},${members}}`, `{${members},${extra}}`]) {
      const decoded = decodeMessage(Buffer.from(text));
      if (decoded.kind !== 'object') throw new Error(decoded.detail);
      expect(inputs[input].parse(decoded.members, now)).toEqual(parse(input, required));
    }
    expect('polluted' in {}).toBe(false);
  });
});
