import { type InputTopic, inputTopics } from '@ringwatch/inputs';
import { MAX_MESSAGE_BYTES } from '@ringwatch/message';
import fc from 'fast-check';
import { readBlock } from '../native/read-block.fixture';
import { createBlock } from './create-block';
import { JudgedBlock, outcomeOf } from './judged.fixture';
import { TIMESTAMP } from './json-values.fixture';
import { tidyMessages, validMessages } from './messages.fixture';
import { Erasures } from '../erasure/erasures';

type Members = Record<string, string | undefined>;

const host: Members = {
  occurred_at: '"2026-03-01T11:59:58.5Z"',
  host_id: '"host-1"',
  org_id: '"org-1"',
  country: '"DE"',
  os_build: '"10.0.22631.3880"',
};
const update: Members = { update_channel: '"driver:nvlddmkm.sys"', update_version: '"31.0.15.6000"' };
const required: Record<InputTopic, Members> = {
  bugchecks: {
    event_id: '"b-1"',
    ...host,
    bugcheck_code: '"0x50"',
    bugcheck_parameters: '["0x1",2,"0xFFFFFFFFFFFFFFFF",18446744073709551615]',
    driver: '"csagent.sys"',
    driver_version: '"7.11"',
    ...update,
  },
  updates: { event_id: '"u-1"', occurred_at: host['occurred_at'], action: '"shipped"', ...update },
  installs: { event_id: '"i-1"', ...host, ...update, outcome: '"applied"' },
  heartbeats: { ...host, booted_at: '"2026-03-01T08:00:00Z"' },
  'incident-actions': {
    event_id: '"a-1"',
    occurred_at: host['occurred_at'],
    incident_id: '"content-2-25ead81a65380a8b"',
    action: '"mute"',
    actor: '"ann"',
    muted_until: '"2026-03-01T13:00:00Z"',
  },
};
const json = (members: Members, between = ',') =>
  `{${Object.entries(members)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `"${name}":${value}`)
    .join(between)}}`;

/** What a message with one member more or another comes to, judged twice; `fast`, `slow`, or the refusal. */
function verdict(topic: InputTopic, more: Members): string {
  const { refusal, isSlow } = outcomeOf(topic, json({ ...required[topic], ...more }), TIMESTAMP);
  return refusal ?? (isSlow ? 'slow' : 'fast');
}

function fieldOf(topic: InputTopic, name: string, value: string): unknown {
  return outcomeOf(topic, json({ ...required[topic], [name]: value }), TIMESTAMP).row?.[name];
}

const chars = (length: number, of = 'x') => JSON.stringify(of.repeat(length));

describe('blocks', () => {
  it.each([
    ['"2026-03-01T12:00:00Z"', 'fast'],
    ['"2026-03-01T12:00:00.123456789012Z"', 'fast'],
    ['"2026-03-02T12:00:00Z"', 'fast'],
    ['"2026-03-02T12:00:00.001Z"', 'out_of_range occurred_at'],
    ['"2026-03-02T12:00:00.0009Z"', 'fast'],
    ['"2000-01-01T00:00:00Z"', 'fast'],
    ['"1999-12-31T23:59:59.999Z"', 'out_of_range occurred_at'],
    ['"2016-12-31T23:59:60Z"', 'fast'],
    ['"2016-12-30T23:59:60Z"', 'wrong_type occurred_at'],
    ['"2026-03-01t12:00:00z"', 'fast'],
    ['"2026-03-01T12:00:00-00:00"', 'fast'],
    ['"2024-02-29T12:00:00+05:30"', 'fast'],
    ['"2023-02-29T12:00:00Z"', 'wrong_type occurred_at'],
    ['"2026-03-01T12:00:0\\u0030Z"', 'slow'],
    ['"2026-03-01T12:00:00Z "', 'wrong_type occurred_at'],
    ['"2026-03-01T12:00:00é"', 'wrong_type occurred_at'],
    ['1772366400000', 'wrong_type occurred_at'],
    ['null', 'wrong_type occurred_at'],
  ])('occurred_at %s: %s', (value, expected) => {
    for (const topic of inputTopics) {
      const got = verdict(topic, { occurred_at: value });
      const isFew = topic === 'updates' || topic === 'incident-actions';
      expect(isFew ? got.replace('slow', 'fast') : got).toBe(isFew ? expected.replace('slow', 'fast') : expected);
    }
  });

  it.each([
    ['"0000-01-01T00:00:00Z"', '1900-01-01T00:00:00Z'],
    ['"1601-01-01T00:00:00Z"', '1900-01-01T00:00:00Z'],
    ['"1899-12-31T23:59:59.999Z"', '1900-01-01T00:00:00Z'],
    ['"1969-12-31T23:59:59.999Z"', '1969-12-31T23:59:59.999Z'],
    ['"2299-12-30T23:59:59.999Z"', '2299-12-30T23:59:59.999Z'],
    ['"9999-12-31T23:59:59.999Z"', '2299-12-31T00:00:00Z'],
  ])('booted_at %s is stored as %s', (value, stored) =>
    expect(fieldOf('heartbeats', 'booted_at', value)).toBe(Date.parse(stored)),
  );

  it.each([
    ['"0x50"', 'fast'],
    ['"0x00000050"', 'fast'],
    ['80', 'fast'],
    ['"0x0000000000000050"', 'fast'],
    ['"0x00000000000000050"', 'slow'],
    ['"0xffffffff"', 'fast'],
    ['4294967295', 'fast'],
    ['80.0', 'slow'],
    ['8e1', 'slow'],
    ['-0', 'slow'],
    ['"0\\u007850"', 'slow'],
    ['"0x100000000"', 'out_of_range bugcheck_code'],
    ['4294967296', 'out_of_range bugcheck_code'],
    ['18446744073709551616', 'out_of_range bugcheck_code'],
    ['-1', 'out_of_range bugcheck_code'],
    ['080', 'not_json'],
    ['"80"', 'wrong_type bugcheck_code'],
    ['"0X50"', 'wrong_type bugcheck_code'],
    ['"0x"', 'wrong_type bugcheck_code'],
    ['""', 'wrong_type bugcheck_code'],
    ['[80]', 'wrong_type bugcheck_code'],
  ])('bugcheck_code %s: %s', (value, expected) => {
    expect(verdict('bugchecks', { bugcheck_code: value })).toBe(expected);
  });

  it.each([
    ['18446744073709551615', 2n ** 64n - 1n],
    ['"0xFFFFFFFFFFFFFFFF"', 2n ** 64n - 1n],
    ['"0x0FFFFFFFFFFFFFFFF"', 2n ** 64n - 1n],
    ['9007199254740993', 2n ** 53n + 1n],
    ['0', 0n],
    ['18446744073709551616', undefined],
    ['"0x10000000000000000"', undefined],
  ])('fault_offset %s is %s', (value, expected) => expect(fieldOf('bugchecks', 'fault_offset', value)).toBe(expected));

  it.each([
    [undefined, 'fast'],
    ['0', 'fast'],
    ['18446744073709551615', 'fast'],
    ['1.0', 'slow'],
    ['"0x1"', 'wrong_type uptime_seconds'],
    ['null', 'wrong_type uptime_seconds'],
  ])('uptime_seconds %s: %s', (value, expected) => {
    expect(verdict('bugchecks', { uptime_seconds: value })).toBe(expected);
  });

  it.each([
    ['[ "0x1" ,2\n,\t3,"0x4" ]', 'fast'],
    ['[1,2,3,4.0]', 'slow'],
    ['[1,2,3,"\\u0030x4"]', 'slow'],
    ['[1,2,3]', 'out_of_range bugcheck_parameters'],
    ['[1,2,3,4,5]', 'out_of_range bugcheck_parameters'],
    ['[]', 'out_of_range bugcheck_parameters'],
    ['[[1],2,3,4]', 'wrong_type bugcheck_parameters'],
    ['["0x1,2",2,3,4]', 'wrong_type bugcheck_parameters'],
    ['["0x1 ",2,3,4]', 'wrong_type bugcheck_parameters'],
    ['["0x1\\"",2,3,4]', 'wrong_type bugcheck_parameters'],
    ['[1,2,3,null]', 'wrong_type bugcheck_parameters'],
    ['{"0":1}', 'wrong_type bugcheck_parameters'],
    ['"0x1"', 'wrong_type bugcheck_parameters'],
  ])('bugcheck_parameters %s: %s', (value, expected) => {
    expect(verdict('bugchecks', { bugcheck_parameters: value })).toBe(expected);
  });

  it.each([
    [chars(128), 'fast'],
    [chars(129), 'out_of_range'],
    ['""', 'out_of_range'],
    [chars(128, 'é'), 'fast'],
    [chars(129, 'é'), 'out_of_range'],
    [chars(128, '😀'), 'fast'],
    [chars(129, '😀'), 'out_of_range'],
    ['"\ufeff"', 'fast'],
    ['"\u00a0"', 'fast'],
    ['"a\\u0062"', 'slow'],
    ['"\\ud83d\\ude00"', 'slow'],
    ['"\\ud83d"', 'wrong_type'],
    ['"\\ude00\\ud83d"', 'wrong_type'],
    ['"a\\n"', 'wrong_type'],
    ['"\\u0000"', 'wrong_type'],
    ['"\u007f"', 'wrong_type'],
    ['"\\u007f"', 'wrong_type'],
    ['"\u0080"', 'wrong_type'],
    ['"é\u009f"', 'wrong_type'],
    ['"\\u0085"', 'wrong_type'],
  ])('a host, an organisation %s: %s', (value, expected) => {
    for (const topic of ['bugchecks', 'installs', 'heartbeats'] as const)
      for (const name of ['host_id', 'org_id'])
        expect(verdict(topic, { [name]: value })).toBe(/fast|slow/.test(expected) ? expected : `${expected} ${name}`);
  });

  it.each([
    ['"driver:NvLddMkm.SYS"', 'driver:nvlddmkm.sys'],
    ['"driver:"', 'driver:'],
    ['"Driver:A"', 'Driver:A'],
    ['"driver:É"', 'driver:é'],
    ['"driver:\\u0041"', 'driver:a'],
    ['"\\u0064river:A"', 'driver:a'],
    [chars(160), 'x'.repeat(160)],
    [`"driver:${'X'.repeat(153)}"`, `driver:${'x'.repeat(153)}`],
    [`"driver:${'X'.repeat(154)}"`, undefined],
  ])('a channel %s is %s', (value, expected) => {
    expect(fieldOf('bugchecks', 'update_channel', value)).toBe(expected);
    expect(fieldOf('installs', 'update_channel', value)).toBe(expected);
  });

  it.each([
    ['country', '"ZZ"', 'fast'],
    ['country', '"zz"', 'wrong_type country'],
    ['country', '"Z"', 'wrong_type country'],
    ['country', '"ZZZ"', 'wrong_type country'],
    ['country', '"Z["', 'wrong_type country'],
    ['country', '"@Z"', 'wrong_type country'],
    ['country', '"\\u005a\\u005a"', 'slow'],
    ['event_id', chars(64), 'fast'],
    ['event_id', chars(65), 'out_of_range event_id'],
    ['event_id', '"a b"', 'wrong_type event_id'],
    ['event_id', '"é"', 'wrong_type event_id'],
    ['event_id', '"A-z0.9_:"', 'fast'],
    ['outcome', '"removed"', 'fast'],
    ['outcome', '"Removed"', 'wrong_type outcome'],
    ['outcome', '"appliedx"', 'wrong_type outcome'],
    ['outcome', '"fail\\u0065d"', 'slow'],
    ['driver', '"A.SYS"', 'fast'],
    ['driver', '"É.SYS"', 'slow'],
    ['driver', 'null', 'wrong_type driver'],
    ['driver_version', '""', 'fast'],
    ['driver_version', chars(65), 'out_of_range driver_version'],
  ])('an install with %s %s: %s', (name, value, expected) => {
    expect(verdict('installs', { [name]: value })).toBe(expected);
  });

  const recent = '{"update_channel":"c","update_version":"v","applied_at":"2026-02-28T00:00:00Z"}';
  const refusedList = (reason: string) => `${reason} recent_updates`;
  it.each([
    ['[]', 'fast'],
    ['[ ]', 'fast'],
    [`[ ${recent} , ${recent} ]`, 'fast'],
    [`[${Array(32).fill(recent)}]`, 'fast'],
    [`[${Array(33).fill(recent)}]`, refusedList('out_of_range')],
    [`[${recent},${recent.replace('"c"', '"\\u0063"')}]`, 'slow'],
    [`[${recent},${recent.replace('update_channel', 'update\\u005fchannel')}]`, 'slow'],
    [`[${recent},${recent.replace('"c"', '5')}]`, refusedList('wrong_type')],
    [`[${recent},${recent.replace('"v"', chars(65))}]`, refusedList('out_of_range')],
    [`[${recent},${recent.replace('2026-02-28', '2026-02-29')}]`, refusedList('wrong_type')],
    [`[${recent},{}]`, refusedList('missing_field')],
    [`[${recent},5]`, refusedList('wrong_type')],
    [`[${recent},[${recent}]]`, refusedList('wrong_type')],
    [recent, refusedList('wrong_type')],
    ['null', refusedList('wrong_type')],
  ])('recent_updates %s: %s', (value, expected) => {
    expect(verdict('bugchecks', { recent_updates: value })).toBe(expected);
  });

  it.each(inputTopics)('%s: of a repeated member the last counts', (topic) => {
    const [name = '', good = ''] = Object.entries(required[topic]).find(([each]) =>
      ['host_id', 'driver', 'update_version', 'actor'].includes(each),
    )!;
    const twice = (first: string, last: string) =>
      outcomeOf(
        topic,
        json(required[topic]).replace(`"${name}":${good}`, `"${name}":${first},"x":1,"${name}":${last}`),
        TIMESTAMP,
      );
    expect(twice('5', good).row).toEqual(twice('"first"', good).row);
    expect(twice('"\\ud800"', good).refusal).toBeUndefined();
    expect(twice(good, '5').refusal).toBe(`wrong_type ${name}`);
    expect(twice(good, '""').refusal).toBe(`out_of_range ${name}`);
    expect(twice(good, '"\\u0061"').row?.[name]).toBe('a');
  });

  it.each(inputTopics)('%s: other members play no part, a name with escapes is the name it spells', (topic) => {
    const plain = json(required[topic]);
    const row = (text: string) => outcomeOf(topic, text, TIMESTAMP).row;
    for (const more of [
      '"__proto__":{"host_id":"x"}',
      '"constructor":1',
      '"é":"\\u0085"',
      '"event_id\u007f":1',
      '"":[[]]',
      '"kind":"refused"',
    ])
      expect(row(plain.replace('{', `{${more},`))).toEqual(row(plain));
    expect(row(plain.replace('"occurred_at"', '"occurred\\u005fat"'))).toEqual(row(plain));
    const last = plain.replace(/}$/, ',"occurred\\u005Fat":"2026-01-01T00:00:00Z"}');
    expect(row(last)?.['occurred_at']).toBe(Date.parse('2026-01-01T00:00:00Z'));
  });

  it.each(inputTopics)('%s: white space, what follows, and what is no message at all', (topic) => {
    const plain = json(required[topic]);
    const spaced = ` \t\r\n${plain
      .replace(/("[a-z_]+"):/g, '\n$1\t: ')
      .replace(/,"/g, ' ,\r\n"')
      .replace(/}$/, ' }')}\n `;
    const outcome = outcomeOf(topic, spaced, TIMESTAMP);
    expect(outcome).toEqual(outcomeOf(topic, plain, TIMESTAMP));
    const refusal = (value: string | Buffer) => outcomeOf(topic, value, TIMESTAMP).refusal;
    for (const after of ['x', '}', ',', '{}', '"', '\0', '\u00a0', '\ufeff', '//'])
      expect(refusal(plain + after)).toBe('not_json');
    for (const before of ['\ufeff', '\u00a0', ',', '[', '\0', '\f']) expect(refusal(before + plain)).toBe('not_json');
    for (const value of ['', ' ', '{', '"', 'nul']) expect(refusal(value)).toBe('not_json');
    for (const value of ['null', '[]', '5', `[${plain}]`, '"{}"']) expect(refusal(value)).toBe('not_object');
    expect(refusal('{}')).toMatch(/^missing_field/);
  });

  it.each([
    ['an overlong slash', [0xc0, 0xaf]],
    ['an overlong NUL', [0xc0, 0x80]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
    ['a lone continuation', [0x80]],
    ['a cut character', [0xe2, 0x82]],
    ['0xff', [0xff]],
  ])('%s is no UTF-8, wherever it stands', (_, broken) => {
    const latin1 = String.fromCharCode(...broken);
    const plain = json({ ...required.heartbeats, updates: '[{"update_channel":"c","update_version":"v"}]' });
    const places = [
      plain.replace('host-1', `host${latin1}`),
      plain.replace('{', `{"more":"${latin1}",`),
      plain.replace('{', `{"more":[{"a":["${latin1}"]}],`),
      plain.replace('{', `{"${latin1}":1,`),
      plain.replace('"c"', `"c${latin1}"`),
      plain.replace('{', `{"host_id":"${latin1}",`),
      plain + latin1,
    ];
    for (const text of places)
      expect(outcomeOf('heartbeats', Buffer.from(text, 'latin1'), TIMESTAMP).refusal).toBe('not_json');
  });

  it.each(inputTopics)('%s: as deep and as long as the limits, and one more', (topic) => {
    const refusal = (more: string) =>
      outcomeOf(topic, json(required[topic]).replace('{', `{"more":${more},`), TIMESTAMP).refusal;
    const lists = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect([refusal(lists(31)), refusal(lists(32))]).toEqual([undefined, 'too_large']);
    const room = MAX_MESSAGE_BYTES - json(required[topic]).length - '"more":,""'.length;
    expect([refusal(chars(room)), refusal(chars(room + 1))]).toEqual([undefined, 'too_large']);
  });

  it('a null value is refused as such', () => {
    for (const topic of inputTopics) {
      const message = { bytes: Buffer.from(json(required[topic])), valueStart: -1, valueEnd: -1, timestamp: TIMESTAMP };
      const refusal = createBlock(topic).take(message, { receivedAt: TIMESTAMP, partition: 0, offset: 0 });
      expect(refusal).toMatchObject({ reason: 'not_json', detail: expect.stringContaining('null value') });
    }
  });

  it.each(inputTopics)('%s: whatever is refused between them, the rows stay whole', (topic) => {
    const good = json({ ...required[topic], more: '"é"' });
    const bad = Object.keys(required[topic]).flatMap((name) => [
      json({ ...required[topic], [name]: undefined }),
      json({ ...required[topic], [name]: '{}' }),
      json({ ...required[topic], [name]: '"\\u0000"' }),
    ]);
    const judged = new JudgedBlock(topic, TIMESTAMP);
    for (const text of bad.flatMap((each) => [good, each])) {
      const bytes = Buffer.from(`"${text}"}`);
      judged.take(bytes, 1, bytes.length - 2);
    }
    const { taken, refused, rows } = judged.compare();
    expect([taken, refused, rows]).toEqual([2 * bad.length, bad.length, bad.length]);
  });

  it.each(['bugchecks', 'installs', 'heartbeats'] as const)(
    '%s of erased hosts leave nothing, on either road',
    (topic) => {
      const erased = new Erasures([
        { kind: 'host', id: 'gone é', erasedAt: TIMESTAMP },
        { kind: 'org', id: 'gone', erasedAt: TIMESTAMP },
      ]);
      const [block, clean] = [createBlock(topic), createBlock(topic)];
      const take = (into: typeof block, more: Members) => {
        const bytes = Buffer.from(`0"${json({ ...required[topic], ...more })}"0`);
        const message = { bytes, valueStart: 2, valueEnd: bytes.length - 2, timestamp: TIMESTAMP };
        return into.take(message, { receivedAt: 1, partition: 2, offset: 3 }, erased);
      };
      const gone = [
        { host_id: '"gone é"' },
        { org_id: '"gone"' },
        { host_id: '"gone \\u00e9"' },
        { org_id: '"g\\u006fne"' },
      ];
      for (const more of gone) {
        expect(take(block, more)).toBe('erased');
        for (const into of [block, clean]) expect(take(into, { host_id: '"stays"' })).toBeUndefined();
        expect(take(block, { ...more, country: '"x"' })).toMatchObject({ reason: 'wrong_type', field: 'country' });
      }
      expect(readBlock(block.toNative())).toEqual(readBlock(clean.toNative()));
    },
  );

  it('a block that was cleared is as a new one', () => {
    const [used, fresh] = [createBlock('bugchecks'), createBlock('bugchecks')];
    const take = (block: typeof used, text: string) => {
      const bytes = Buffer.from(text);
      block.take(
        { bytes, valueStart: 0, valueEnd: bytes.length, timestamp: TIMESTAMP },
        { receivedAt: 1, partition: 2, offset: 3 },
      );
    };
    for (let row = 0; row < 300; row++)
      take(used, json({ ...required.bugchecks, org_id: `"o${row}"`, driver_version: '"1.\\u0030"' }));
    used.clear();
    expect([used.rows, used.slowRows, used.changedHours()]).toEqual([0, 0, []]);
    for (const block of [used, fresh]) take(block, json(required.bugchecks));
    expect(Buffer.concat(used.toNative())).toEqual(Buffer.concat(fresh.toNative()));
    expect(used.size()).toBe(fresh.size());
  });

  it('bugchecks know the hours that they change, as they are stored', () => {
    const block = createBlock('bugchecks');
    const take = (occurredAt: string, timestamp: number) => {
      const bytes = Buffer.from(json({ ...required.bugchecks, occurred_at: `"${occurredAt}"` }));
      block.take(
        { bytes, valueStart: 0, valueEnd: bytes.length, timestamp },
        { receivedAt: 1, partition: 2, offset: 3 },
      );
    };
    take('2026-03-01T11:59:59.999Z', TIMESTAMP);
    take('2026-03-01T11:00:00Z', TIMESTAMP);
    take('2026-03-01T12:00:00Z', TIMESTAMP);
    take('2026-03-01T1\\u0033:00:00Z', TIMESTAMP);
    take('2026-03-09T12:00:00Z', TIMESTAMP);
    expect(block.changedHours().sort()).toEqual(
      ['11', '12', '13'].map((hour) => Date.parse(`2026-03-01T${hour}:00:00Z`)),
    );
    block.clear();
    const farAhead = Date.parse('9999-01-01T00:00:00Z');
    take('9998-12-31T00:00:00Z', farAhead);
    take('999\\u0038-12-30T00:00:00Z', farAhead);
    expect(block.changedHours()).toEqual([Date.parse('2299-12-31T00:00:00Z')]);
  });

  it.each(inputTopics)('%s: any valid message gives the row that judgeMessage gives', (topic) => {
    fc.assert(
      fc.property(fc.oneof(validMessages[topic], tidyMessages[topic]), (text) => {
        expect(outcomeOf(topic, text, TIMESTAMP).refusal).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });
});
