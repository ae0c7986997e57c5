import { z } from 'zod';
import type { Distribution } from './distribution';

const UNITS_MS: Record<string, number> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATION = /^(\d+(?:\.\d+)?) ?(ms|s|min|h|d)$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/;

/** What a scenario file may say where it wants a duration; also the text of the error. */
const DURATION_FORM = 'a duration such as 30s, 5min, 2h or 3d';

/** A duration in a scenario file, in milliseconds once read. */
export const duration = parsed(DURATION_FORM, durationMs);

/** An instant in a scenario file: RFC 3339, or `+29min` after the scenario's start; milliseconds since 1970 once read. */
export function moment(startMs: number) {
  return parsed('a time such as 2024-07-19T04:09:00Z, or +29min after the start', (text) => {
    if (text.startsWith('+')) {
      const afterMs = durationMs(text.slice(1));
      return afterMs === undefined ? undefined : startMs + afterMs;
    }
    return instantMs(text);
  });
}

/** An RFC 3339 time in milliseconds since 1970, or undefined when it is none. */
export function instantMs(text: string): number | undefined {
  const atMs = INSTANT.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(atMs) ? undefined : atMs;
}

/** A share of something, 0..1. */
export const share = z
  .number({ error: 'a number from 0 to 1' })
  .min(0, 'a number from 0 to 1')
  .max(1, 'a number from 0 to 1');

/** A number >= 0. */
export const amount = z.number({ error: 'a number, 0 or more' }).min(0, 'a number, 0 or more');

/** A whole number min..max. */
export function whole(min: number, max: number) {
  const wanted = `a whole number from ${min} to ${max}`;
  return z.number({ error: wanted }).int(wanted).min(min, wanted).max(max, wanted);
}

/** Text of 1..max characters; a number has to be quoted, since YAML would drop the last 0 of 1.10. */
export function words(max: number) {
  const wanted = `text of 1 to ${max} characters (quote it if it looks like a number)`;
  return z.string({ error: wanted }).min(1, wanted).max(max, wanted);
}

/** An object with exactly these keys: a misspelt key is an error that lists the known ones. */
export function keyed<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? `one of the keys ${known}` : `a map with keys of ${known}`),
  });
}

const FORMS = `${DURATION_FORM}, or {exponential: MEAN}, {lognormal: {median, sigma}}, {weibull: {scale, shape}}`;
const positive = z.number({ error: 'a number above 0' }).positive('a number above 0');

/** How a delay is distributed: a plain duration is a fixed delay. */
export const distribution = z.union(
  [
    duration.transform((valueMs): Distribution => ({ kind: 'fixed', valueMs })),
    z
      .strictObject({ exponential: duration })
      .transform((form): Distribution => ({ kind: 'exponential', meanMs: form.exponential })),
    z
      .strictObject({ lognormal: z.strictObject({ median: duration, sigma: positive }) })
      .transform(({ lognormal }): Distribution => ({
        kind: 'lognormal',
        medianMs: lognormal.median,
        sigma: lognormal.sigma,
      })),
    z
      .strictObject({ weibull: z.strictObject({ scale: duration, shape: positive }) })
      .transform(({ weibull }): Distribution => ({ kind: 'weibull', scaleMs: weibull.scale, shape: weibull.shape })),
  ],
  { error: FORMS },
);

function parsed(wanted: string, read: (text: string) => number | undefined) {
  return z.string({ error: wanted }).transform((text, context) => {
    const value = read(text);
    if (value !== undefined) return value;
    context.issues.push({ code: 'custom', message: wanted, input: text });
    return z.NEVER;
  });
}

function durationMs(text: string): number | undefined {
  const match = DURATION.exec(text);
  return match ? Number(match[1]) * UNITS_MS[match[2]!]! : undefined;
}
