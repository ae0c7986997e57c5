import type { InputTopic } from '@ringwatch/inputs';
import fc from 'fast-check';
import {
  Json,
  escaped,
  hexadecimal,
  instant,
  integer,
  oddInstant,
  oddInteger,
  oddText,
  one,
  quoted,
  shortHexadecimal,
} from './json-values.fixture';

const image = one('csagent.sys', 'nvlddmkm.sys', 'NVLDDMKM.SYS', 'unknown', 'Ntoskrnl.exe');
const channel = one(
  'channel-file-291',
  'driver:nvlddmkm.sys',
  'driver:NvLddMkm.SYS',
  'Driver:A.SYS',
  'driver:',
  'drive',
);
const oddChannel = fc.oneof(
  channel,
  oddText(0, 100).map((each) => `driver:${each}`),
  oddText(1, 160),
);
const version = one('31.0.15.6000', 'C-00000291-00000000-00000032', '7.11', '1');
/** Other members, deep ones and such as look like ours. */
const unknown = fc.oneof(
  fc.tuple(
    quoted(one('more', 'event', 'event_idx', '', '__proto__', 'constructor', 'é', 'a\\b', 'EVENT_ID')),
    fc.json(),
  ),
  fc.tuple(
    one('"more"', '"\\u0078"', '"\\/"'),
    one('"\\ud800"', '"\\u0000\\u007f"', '"\u007f\u0085"', '[]', '[[[]]]', '{"a":{"b":[{}]}}', '-1.5e-7', 'true'),
  ),
);
const space = one('', '', '', ' ', '\n', '\t\r\n  ');
const EMPTY_PLACES = fc.constant<string[]>(['']);

/** An object of these members in any order, with others between them and any white space. */
function object(required: Record<string, Json>, optional: Record<string, Json>, isTidy: boolean): Json {
  const member = ([name, json]: [string, Json]) => json.map((value): [string, string] => [`"${name}"`, value]);
  const some = Object.entries(optional).map((each) => fc.option(member(each), { nil: undefined }));
  const members = fc.tuple(
    ...Object.entries(required).map(member),
    ...some,
    ...(isTidy ? [] : [fc.option(unknown, { nil: undefined })]),
  );
  const orders = isTidy
    ? fc.constant(0)
    : fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: fc.nat() });
  const spaces = isTidy ? EMPTY_PLACES : fc.oneof(EMPTY_PLACES, fc.array(space, { minLength: 7, maxLength: 7 }));
  return fc.tuple(members, orders, spaces).map(([all, order, gaps]) => {
    const present = shuffled(all.filter((each) => each !== undefined) as Array<[string, string]>, order);
    let gap = 0;
    const next = () => gaps[gap++ % gaps.length] as string;
    const inside = present.map(([name, value]) => `${next()}${name}${next()}:${next()}${value}${next()}`);
    return `{${inside.join()}${present.length === 0 ? next() : ''}}`;
  });
}

function shuffled<T>(items: T[], order: number): T[] {
  if (order === 0) return items;
  const keys = items.map((_, at) => Math.imul(order ^ (at + 1), 0x9e3779b1) >>> 0);
  return items
    .map((item, at) => ({ item, key: keys[at]! }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

function list(item: Json, most: number, gaps: Json): Json {
  return fc
    .tuple(
      fc.oneof(
        { weight: 7, arbitrary: fc.array(item, { maxLength: 3 }) },
        { weight: 1, arbitrary: fc.array(item, { minLength: most, maxLength: most, size: 'max' }) },
      ),
      gaps,
    )
    .map(([items, gap]) => `[${gap}${items.join(`${gap},${gap}`)}${gap}]`);
}

/** Messages in which one value of so many is odd. */
function topics(isTidy: boolean, oneIn: number): Record<InputTopic, Json> {
  const mostly = (typical: Json, odd: Json): Json =>
    fc.oneof({ weight: oneIn - 1, arbitrary: typical }, { weight: 1, arbitrary: odd });
  const text = (typical: fc.Arbitrary<string>, min: number, max: number): Json =>
    mostly(quoted(typical), fc.oneof(quoted(oddText(min, max)), escaped(oddText(min, max)), escaped(typical)));

  const time = mostly(
    quoted(instant.map((at) => new Date(at).toISOString())),
    fc.oneof(quoted(oddInstant), escaped(oddInstant)),
  );
  const anyTime = mostly(
    time,
    quoted(
      one(
        '0000-01-01T00:00:00Z',
        '1601-01-01T00:00:00Z',
        '1969-12-31T23:59:59.999Z',
        '1970-01-01T00:00:00Z',
        '1899-12-31T23:59:59Z',
        '2299-12-31T23:59:59Z',
        '9999-12-31T23:59:59.999Z',
      ),
    ),
  );

  const unsigned = (bits: number): Json =>
    fc.oneof(
      quoted(shortHexadecimal(bits)),
      mostly(integer(bits), oddInteger),
      mostly(quoted(shortHexadecimal(bits)), fc.oneof(quoted(hexadecimal(bits)), escaped(hexadecimal(bits)))),
    );
  const who = {
    occurred_at: time,
    host_id: text(one('host-1', 'host-2', 'h', 'f3b7c1d2-0000-4000-8000-000000000001'), 1, 128),
    org_id: text(one('org-1', 'org-2', 'Büro 7', '医院', '😀'), 1, 128),
    country: mostly(quoted(one('DE', 'US', 'ZZ')), escaped(one('FR'))),
    os_build: text(one('10.0.22631.3880', '10.0.19045.4651'), 1, 64),
  };
  const eventId = mostly(
    quoted(one('b-1', 'i:2._', '0')),
    quoted(fc.string({ unit: one(...'azAZ09._:-'), minLength: 1, maxLength: 64, size: 'max' })),
  );
  const update = {
    update_channel: mostly(quoted(channel), fc.oneof(quoted(oddChannel), escaped(oddChannel))),
    update_version: text(version, 1, 64),
  };

  const gap = isTidy ? one('') : space;
  const parameters = fc
    .tuple(fc.array(unsigned(64), { minLength: 4, maxLength: 4 }), gap)
    .map(([four, between]) => `[${between}${four.join(`${between},${between}`)}${between}]`);
  const emptyable = {
    update_channel: mostly(update.update_channel, one('""')),
    update_version: mostly(update.update_version, one('""')),
  };

  const running = object(emptyable, {}, isTidy);
  const recent = object({ ...emptyable, applied_at: anyTime }, {}, isTidy);
  return {
    bugchecks: object(
      {
        event_id: eventId,
        ...who,
        bugcheck_code: unsigned(32),
        bugcheck_parameters: parameters,
        driver: text(image, 1, 128),
        driver_version: text(version, 0, 64),
        ...emptyable,
      },
      {
        fault_offset: unsigned(64),
        uptime_seconds: mostly(integer(32), mostly(integer(64), oddInteger)),
        recent_updates: list(recent, 32, gap),
      },
      isTidy,
    ),
    updates: object(
      {
        event_id: eventId,
        occurred_at: time,
        action: quoted(one('shipped', 'expanded', 'paused', 'withdrawn')),
        ...update,
      },
      {
        driver: text(image, 0, 128),
        replaces: text(version, 0, 64),
        ring: text(one('early'), 0, 128),
        target_fraction: one('0', '1', '0.05', '1.0', '-0', '1e-400', '5e-1'),
        vendor: text(one('NVIDIA'), 0, 128),
        title: text(one('Display driver'), 0, 1024),
        content_sha256: text(one('ab12'), 0, 128),
      },
      isTidy,
    ),
    installs: object(
      {
        event_id: eventId,
        ...who,
        ...update,
        outcome: mostly(quoted(one('applied', 'removed', 'failed')), escaped(one('applied'))),
      },
      { driver: text(image, 0, 128), driver_version: text(version, 0, 64) },
      isTidy,
    ),
    heartbeats: object({ ...who, booted_at: anyTime }, { updates: list(running, 40, gap) }, isTidy),
    'incident-actions': object(
      {
        event_id: eventId,
        occurred_at: time,
        incident_id: text(one('content-2-25ead81a65380a8b'), 1, 200),
        action: quoted(one('acknowledge', 'assign', 'mute', 'unmute', 'comment', 'resolve')),
        actor: text(one('ann'), 1, 128),
        assignee: text(one('ben'), 0, 128),
        muted_until: time,
        text: text(one('looking'), 1, 4_000),
      },
      { muted_factor: one('2', '1.01', '1e6') },
      isTidy,
    ),
  };
}
/** Valid messages of each topic: any order of members, unknown members, white space, odd but valid values. */
export const validMessages = topics(false, 8);
/** The same without what surrounds the values: more of them go the fast road. */
export const tidyMessages = topics(true, 80);
