import { JsonObject, decodeMessage } from '@ringwatch/message';
import fc from 'fast-check';
import { parseBugcheck } from './parse-bugcheck';

const now = Date.parse('2026-03-01T12:00:00Z');
const required = {
  event_id: '"b-1"',
  occurred_at: '"2026-03-01T11:59:58.5Z"',
  host_id: '"host-1"',
  org_id: '"org-1"',
  country: '"DE"',
  os_build: '"10.0.22631.3880"',
  bugcheck_code: '"0x50"',
  bugcheck_parameters: '["0xFFFFBD8A0000009C",0,18446744073709551615,"0x2"]',
  driver: '"CSAgent.sys"',
  driver_version: '"7.11.18110.0"',
  update_channel: '"channel-file-291"',
  update_version: '"C-00000291-00000000-00000032"',
};

/** Members as JSON texts, so that numbers reach the parser as they were written; `undefined` leaves a member out. */
function parse(members: Record<string, string | undefined>, recordTimestamp = now) {
  const pairs = Object.entries(members).filter(([, json]) => json !== undefined);
  const decoded = decodeMessage(
    Buffer.from(`{${pairs.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join()}}`),
  );
  return decoded.kind === 'object' ? parseBugcheck(decoded.members as JsonObject, recordTimestamp) : decoded;
}

const withField = (name: string, json: string | undefined) => parse({ ...required, [name]: json });
const verdict = (name: string, json: string | undefined) => {
  const parsed = withField(name, json);
  return 'kind' in parsed ? `${parsed.reason} ${parsed.field}` : parsed[name as keyof typeof parsed];
};
const chars = (length: number, character = 'x') => JSON.stringify(character.repeat(length));
const updates = (length: number) =>
  `[${Array(length).fill('{"update_channel":"driver:A.SYS","update_version":"1","applied_at":"2026-02-20T00:00:00Z"}').join()}]`;

describe('parseBugcheck', () => {
  it('reads a message with nothing but what is required', () => {
    expect(parse(required)).toEqual({
      event_id: 'b-1',
      occurred_at: Date.parse('2026-03-01T11:59:58.500Z'),
      host_id: 'host-1',
      org_id: 'org-1',
      country: 'DE',
      os_build: '10.0.22631.3880',
      bugcheck_code: 0x50,
      bugcheck_parameters: [0xffffbd8a0000009cn, 0n, 2n ** 64n - 1n, 2n],
      driver: 'csagent.sys',
      driver_version: '7.11.18110.0',
      update_channel: 'channel-file-291',
      update_version: 'C-00000291-00000000-00000032',
      fault_offset: null,
      uptime_seconds: null,
      recent_updates: [],
    });
  });

  it.each(Object.keys(required))('refuses a message without %s', (name) => {
    expect(verdict(name, undefined)).toBe(`missing_field ${name}`);
    expect(verdict(name, 'null')).toBe(`wrong_type ${name}`);
    expect(verdict(name, '{}')).toBe(`wrong_type ${name}`);
    expect(verdict(name, '1.5')).toBe(`wrong_type ${name}`);
  });

  it.each([
    ['event_id', 1, 64],
    ['host_id', 1, 128],
    ['org_id', 1, 128],
    ['os_build', 1, 64],
    ['driver', 1, 128],
    ['driver_version', 0, 64],
    ['update_channel', 0, 160],
    ['update_version', 0, 64],
  ])('takes %s of %i to %i characters', (name, min, max) => {
    expect(verdict(name, chars(min))).toBe('x'.repeat(min));
    expect(verdict(name, chars(max))).toBe('x'.repeat(max));
    expect(verdict(name, chars(max + 1))).toBe(`out_of_range ${name}`);
    if (min > 0) expect(verdict(name, '""')).toBe(`out_of_range ${name}`);
  });

  it.each(['host_id', 'org_id', 'os_build', 'driver', 'driver_version', 'update_channel', 'update_version'])(
    'refuses control characters and lone surrogates in %s',
    (name) => {
      for (const bad of [String.raw`"a\u0000"`, String.raw`"a\u001f"`, '"a\u007f"', '"a\u0085"', String.raw`"a\ud800"`])
        expect(verdict(name, bad)).toBe(`wrong_type ${name}`);
    },
  );

  it.each([
    ['"0x50"', 80],
    ['"0x00000050"', 80],
    ['80', 80],
    ['"0x1000007E"', 0x1000007e],
    ['4294967295', 4294967295],
    ['4294967296', 'out_of_range bugcheck_code'],
    ['"0x1000000009F"', 'out_of_range bugcheck_code'],
    ['-1', 'out_of_range bugcheck_code'],
    ['"80"', 'wrong_type bugcheck_code'],
  ])('bugcheck_code %s: %s', (json, expected) => expect(verdict('bugcheck_code', json)).toBe(expected));

  it.each([
    [
      '[9007199254740993,"0x20000000000001",18446744073709551615,0]',
      [2n ** 53n + 1n, 2n ** 53n + 1n, 2n ** 64n - 1n, 0n],
    ],
    ['[0,0,0,18446744073709551616]', 'out_of_range bugcheck_parameters'],
    ['[0,0,0]', 'out_of_range bugcheck_parameters'],
    ['[0,0,0,0,0]', 'out_of_range bugcheck_parameters'],
    ['[0,0,0,"1"]', 'wrong_type bugcheck_parameters'],
    ['"0x1"', 'wrong_type bugcheck_parameters'],
  ])('bugcheck_parameters %s: %s', (json, expected) => expect(verdict('bugcheck_parameters', json)).toEqual(expected));

  it.each([
    ['fault_offset', '"0xE5AC3"', 0xe5ac3n],
    ['fault_offset', '18446744073709551615', 2n ** 64n - 1n],
    ['fault_offset', '18446744073709551616', 'out_of_range fault_offset'],
    ['fault_offset', '"941763"', 'wrong_type fault_offset'],
    ['fault_offset', 'null', 'wrong_type fault_offset'],
    ['uptime_seconds', '0', 0n],
    ['uptime_seconds', '9007199254740993', 2n ** 53n + 1n],
    ['uptime_seconds', '-1', 'out_of_range uptime_seconds'],
    ['uptime_seconds', '1.5', 'wrong_type uptime_seconds'],
    ['uptime_seconds', '"60"', 'wrong_type uptime_seconds'],
  ])('%s %s: %s', (name, json, expected) => expect(verdict(name, json)).toBe(expected));

  it('takes up to 32 recent updates, each whole', () => {
    expect(verdict('recent_updates', '[]')).toEqual([]);
    expect(verdict('recent_updates', updates(32))).toHaveLength(32);
    expect(verdict('recent_updates', updates(33))).toBe('out_of_range recent_updates');
    expect(verdict('recent_updates', updates(1))).toEqual([
      { update_channel: 'driver:a.sys', update_version: '1', applied_at: Date.parse('2026-02-20T00:00:00Z') },
    ]);
    expect(verdict('recent_updates', updates(1).replace('"1"', '1'))).toBe('wrong_type recent_updates');
    expect(verdict('recent_updates', updates(1).replace('-20T', '-30T'))).toBe('wrong_type recent_updates');
    expect(verdict('recent_updates', '[{"update_channel":"a","update_version":"1"}]')).toBe(
      'missing_field recent_updates',
    );
  });

  it('puts image names into lower case wherever they stand, and nothing else', () => {
    const parsed = parse({
      ...required,
      driver: '"NvLddMkm.SYS"',
      update_channel: '"driver:NvLddMkm.SYS"',
      host_id: '"HOST-A"',
    });
    expect(parsed).toMatchObject({ driver: 'nvlddmkm.sys', update_channel: 'driver:nvlddmkm.sys', host_id: 'HOST-A' });
    expect(verdict('update_channel', '"Channel-File-291"')).toBe('Channel-File-291');
  });

  it('measures how far ahead a time is by the record, not by any clock', () => {
    const at = (recordTimestamp: number) => 'kind' in parse(required, recordTimestamp);
    const occurredAt = Date.parse('2026-03-01T11:59:58.500Z');
    expect([at(occurredAt - 86_400_000), at(occurredAt - 86_400_001), at(occurredAt + 20 * 365 * 86_400_000)]).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('ignores unknown fields whatever stands in them', () => {
    const unknown = ['{"a":[1,{"b":null}]}', String.raw`"\u0000\ud800"`, '1e400', '[]', 'null'];
    const names = ['z', '', 'Event_ID', 'kind', 'constructor', 'toString', '__proto__', 'prototype'];
    for (const name of names) {
      for (const json of unknown) {
        expect(parse({ ...required, [name]: json })).toEqual(parse(required));
        expect(decodeAround(name, json)).toEqual([parse(required), parse(required)]);
      }
    }
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('finds no required field behind __proto__', () => {
    const text = `{"__proto__":{${Object.entries(required).map(([name, json]) => `"${name}":${json}`)}}}`;
    expect(parseText(text)).toMatchObject({ reason: 'missing_field', field: 'event_id' });
    expect(parseText('{}')).toMatchObject({ reason: 'missing_field', field: 'event_id' });
  });

  it('lets the last of repeated members count, also when it is the bad one', () => {
    const members = Object.entries(required).map(([name, json]) => `"${name}":${json}`);
    expect(parseText(`{"driver":5,${members}}`)).toMatchObject({ driver: 'csagent.sys' });
    expect(parseText(`{${members},"driver":5}`)).toMatchObject({ reason: 'wrong_type', field: 'driver' });
  });

  it('never throws, and gives an event or a refusal with one of the known reasons', () => {
    const names = [...Object.keys(required), 'fault_offset', 'uptime_seconds', 'recent_updates', '__proto__'];
    const json = fc.oneof(fc.json(), fc.constantFrom(...Object.values(required), updates(3), '1e400', '"0x50"'));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), json), (changes) => {
        const parsed = parse({ ...required, ...changes });
        if ('kind' in parsed) expect(['missing_field', 'wrong_type', 'out_of_range']).toContain(parsed.reason);
        else expect(Object.keys(parsed)).toHaveLength(15);
      }),
      { numRuns: 500 },
    );
  });
});

/** `__proto__` in an object literal's spread would set the prototype here, so the text is put together by hand. */
function decodeAround(name: string, json: string) {
  const members = Object.entries(required).map(([key, value]) => `"${key}":${value}`);
  return [parseText(`{"${name}":${json},${members}}`), parseText(`{${members},"${name}":${json}}`)];
}

function parseText(text: string) {
  const decoded = decodeMessage(Buffer.from(text));
  return decoded.kind === 'object' ? parseBugcheck(decoded.members as JsonObject, now) : decoded;
}
