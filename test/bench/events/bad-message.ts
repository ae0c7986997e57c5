import type { Random } from './random';

/** A message that the contract refuses, and the reason that it has to be refused for. */
export interface BadMessage {
  value: Buffer | null;
  reason: string;
}

type Way = readonly [reason: string, spoil: (good: string) => string | Buffer | null];

const replacing = (pattern: RegExp, by: string) => (good: string) => good.replace(pattern, by);
const without = (field: string) => replacing(new RegExp(`"${field}":"[^"]*",`), '');
const TOO_DEEP = `${'['.repeat(40)}${']'.repeat(40)}`;

/** Each way to be bad is as likely as any other; `good` is a whole message by the contract. */
const WAYS: readonly Way[] = [
  ['not_json', () => null],
  ['not_json', () => ''],
  ['not_json', (good) => good.slice(0, good.length >> 1)],
  ['not_json', (good) => Buffer.from(good.replace('"org_id":"', '"org_id":"\u00ff'), 'latin1')],
  ['not_json', (good) => `${good}}`],
  ['not_object', (good) => `[${good}]`],
  ['not_object', () => '42'],
  ['missing_field', without('event_id')],
  ['missing_field', without('host_id')],
  ['missing_field', without('driver')],
  ['wrong_type', replacing(/"host_id":"[^"]*"/, '"host_id":17')],
  ['wrong_type', replacing(/"bugcheck_code":[^,]*/, '"bugcheck_code":"80"')],
  ['wrong_type', replacing(/"bugcheck_parameters":\[[^\]]*\]/, '"bugcheck_parameters":null')],
  ['wrong_type', replacing(/"occurred_at":"[^"]*"/, '"occurred_at":"yesterday"')],
  ['wrong_type', replacing(/"event_id":"/, '"event_id":"no blanks ')],
  ['out_of_range', replacing(/"occurred_at":"[^"]*"/, '"occurred_at":"1999-12-31T23:59:59.999Z"')],
  ['out_of_range', replacing(/"bugcheck_parameters":\[/, '"bugcheck_parameters":["0x0",')],
  ['out_of_range', replacing(/"bugcheck_code":[^,]*/, '"bugcheck_code":"0x100000000"')],
  ['out_of_range', replacing(/"os_build":"/, `"os_build":"${'1'.repeat(64)}`)],
  ['too_large', (good) => `${good.slice(0, -1)},"more":${TOO_DEEP}}`],
];

/** Spoils a good message. */
export function spoil(good: string, random: Random): BadMessage {
  const [reason, how] = random.pick(WAYS);
  const value = how(good);
  return { reason, value: typeof value === 'string' ? Buffer.from(value) : value };
}
