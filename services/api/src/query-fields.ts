import { z } from 'zod';

const secondsPer = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;
const maxBucketSeconds = 366 * secondsPer.d;

/** A time as the contract writes it; finer than a millisecond is cut. DateTime64 ends in 2299. */
export const instantField = z.iso
  .datetime({ offset: true, error: 'wanted a time with a zone, such as 2024-07-19T04:09:00Z', abort: true })
  .refine((text) => text >= '1970' && text < '2290', { error: 'wanted a time between 1970 and 2290' })
  .transform((text) => new Date(text));

/** The width of a time bucket; becomes seconds. */
export const bucketField = z
  .string({ error: 'wanted one width such as 60s, 5m, 1h or 1d' })
  .regex(/^[1-9][0-9]{0,7}[smhd]$/, { error: 'wanted a width such as 60s, 5m, 1h or 1d', abort: true })
  .refine((text) => bucketSecondsOf(text) <= maxBucketSeconds, { error: 'wanted at most 366d' })
  .transform(bucketSecondsOf);

function bucketSecondsOf(text: string): number {
  return Number(text.slice(0, -1)) * secondsPer[text.slice(-1) as keyof typeof secondsPer];
}

/** How many rows to answer at most. */
export const limitField = (most: number, usual: number) =>
  z.coerce
    .number({ error: `wanted a whole number from 1 to ${most}` })
    .int({ error: `wanted a whole number from 1 to ${most}` })
    .min(1, { error: `wanted at least 1` })
    .max(most, { error: `wanted at most ${most}` })
    .default(usual);

/** Most values of one repeated parameter. */
const MAX_VALUES = 100;

/** A parameter that may be given several times: any of its values counts. Absent is an empty list. */
export const repeatable = <Item extends z.ZodType>(item: Item) =>
  z.preprocess(
    (given) => (given === undefined ? [] : Array.isArray(given) ? given : [given]),
    z.array(item).max(MAX_VALUES, { error: `wanted at most ${MAX_VALUES} values` }),
  );

/** A value as it stands in an event. */
export const valueField = (maxLength: number) =>
  z.string({ error: 'wanted text' }).max(maxLength, { error: `wanted at most ${maxLength} characters` });

/** A stop code in any of the contract's forms: 0x50, 0x00000050 or 80. */
export const stopCodeField = z
  .string({ error: 'wanted a stop code' })
  .regex(/^(0[xX][0-9a-fA-F]{1,8}|[0-9]{1,10})$/, { error: 'wanted a stop code such as 0x50, 0x00000050 or 80' })
  .transform(Number)
  .refine((code) => code <= 0xffffffff, { error: 'wanted 32 bits' });

/** Whether something is wanted; absent is false. */
export const flagField = z
  .enum(['true', 'false'], { error: 'wanted true or false' })
  .default('false')
  .transform((word) => word === 'true');

/** Words to look for, parted by spaces. */
export const wordsField = valueField(200).optional();

export const formatField = z.enum(['json', 'csv'], { error: 'wanted json or csv' }).optional();

export const cursorField = z
  .string({ error: 'wanted the next_cursor of the page before' })
  .max(1_000, { error: 'wanted the next_cursor of the page before' })
  .optional();

/** Whether hosts are counted, or estimated where that is faster. */
export const hostsField = z.enum(['exact', 'approximate'], { error: 'wanted exact or approximate' });
