import { z } from 'zod';
import { type DetectionPolicy, defaultPolicy } from './policy';

const HOUR_MS = 60 * 60 * 1000;

const number = (wanted: string, holds: (value: number) => boolean) =>
  z.number({ error: wanted }).refine(holds, { error: wanted });
const share = number('a number from 0 to 1', (value) => value >= 0 && value <= 1);
const count = number('a whole number of 1 or more', (value) => Number.isSafeInteger(value) && value >= 1);

const WINDOW = '[from, until] in minutes, from 0 or more and until above it, or null for no end';
const ageWindow = z
  .custom<[number, number | null]>(isWindow, { error: WINDOW })
  .transform(([from, until]) => [from, until ?? Infinity] as const);

function isWindow(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [from, until] = value as unknown[];
  return typeof from === 'number' && from >= 0 && (until === null || (typeof until === 'number' && until > from));
}

const WEIGHTS = 'owner, ownerSignatures, other, any, silence and history, which sum to at most 1';
const WINDOWS = 'a list of windows, one of them from 0 without an end: [0, null]';

/** One entry a setting: what is added to `DetectionPolicy` does not compile until it stands here. */
const settings = {
  alpha: number('a number above 0 and below 1', (value) => value > 0 && value < 1),
  minRelativeRisk: number('a number of 1 or more', (value) => value >= 1),
  minHosts: count,
  minOrgs: count,
  weights: z
    .strictObject(
      { owner: share, ownerSignatures: share, other: share, any: share, silence: share, history: share },
      { error: WEIGHTS },
    )
    .refine((all) => Object.values(all).reduce((sum, each) => sum + each, 0) <= 1 + 1e-9, { error: WEIGHTS }),
  ownerSignatureBuckets: count,
  otherBuckets: count,
  ageWindowsMin: z
    .array(ageWindow, { error: WINDOWS })
    .refine((all) => all.some(([from, until]) => from === 0 && until === Infinity), { error: WINDOWS }),
  narrowAges: z.strictObject(
    {
      fromMin: number('minutes, 0 or more', (value) => value >= 0),
      ratio: number('a number above 1 and at most 10', (value) => value > 1 && value <= 10),
      count: number(
        'a whole number from 0 to 100',
        (value) => Number.isSafeInteger(value) && value >= 0 && value <= 100,
      ),
      weight: number('a number above 0 and below 1', (value) => value > 0 && value < 1),
    },
    { error: 'fromMin, ratio, count and weight' },
  ),
  watchMs: number('milliseconds, an hour or more', (value) => Number.isSafeInteger(value) && value >= HOUR_MS),
} satisfies { [Name in keyof Required<DetectionPolicy>]: z.ZodType<DetectionPolicy[Name]> };

const schema = z.strictObject(settings, { error: 'an object of settings' }).partial();

/** What is wrong with one setting: its path such as `weights.owner` (empty for the whole), what was wanted, what was got. */
export interface PolicyProblem {
  setting: string;
  wanted: string;
  got: string;
}

/**
 * The default policy with other settings in it, as they stand in a file: an object with any of the names of
 * `DetectionPolicy`; each that is named is replaced whole. All problems are told at once.
 */
export function readPolicy(
  other: unknown,
): { kind: 'policy'; policy: DetectionPolicy } | { kind: 'refused'; problems: PolicyProblem[] } {
  const parsed = schema.safeParse(other);
  if (!parsed.success) return { kind: 'refused', problems: parsed.error.issues.flatMap((each) => told(each, other)) };
  return { kind: 'policy', policy: { ...defaultPolicy, ...(parsed.data as Partial<DetectionPolicy>) } };
}

function told(issue: z.core.$ZodIssue, other: unknown): PolicyProblem[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    const wanted = `one of ${Object.keys(path.length === 0 ? settings : settings.weights.shape).join(', ')}`;
    return issue.keys.map((key) => ({ setting: [...path, key].join('.'), wanted, got: 'a name that there is not' }));
  }
  const got = path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], other);
  return [{ setting: path.join('.'), wanted: issue.message, got: (JSON.stringify(got) ?? 'nothing').slice(0, 80) }];
}
