import { incidentChangeSchema } from '@ringwatch/incident';
import { definitionOf, receiverKinds } from '@ringwatch/webhook';
import { z } from 'zod';

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000 } as const;
const MAX_GROUP_MS = 600_000;

/** A length of time such as `30s`, as milliseconds. */
const duration = z
  .string()
  .regex(/^[1-9]\d{0,4}[smh]$/, 'wanted a number and a unit, such as 30s, 5m or 1h, got something else')
  .transform((text) => Number(text.slice(0, -1)) * unitMs[text.slice(-1) as keyof typeof unitMs]);

/** Messages at most, such as `1/s` or `20/min`, as messages a second. */
const rate = z
  .string()
  .regex(
    /^[1-9]\d{0,3}\/(s|min)$/,
    'wanted a number of messages per s or min, such as 1/s or 20/min, got something else',
  )
  .transform((text) => Number(text.split('/')[0]) / (text.endsWith('/s') ? 1 : 60));

/** One value or a list of them, as a list. */
const oneOrMore = <Of extends z.ZodType>(of: Of) =>
  z
    .union([of, z.array(of).min(1, 'wanted at least one, got none')], { error: 'wanted one or a list of them' })
    .transform((given): Array<z.output<Of>> => (Array.isArray(given) ? given : [given as z.output<Of>]));
const glob = z.string().min(1, 'wanted a name, in which * stands for any characters, got nothing').max(200);

const severity = incidentChangeSchema.shape.severity;
const scope = incidentChangeSchema.shape.scope;
/** What can be said: the changes of an incident, and that the road from event to verdict stands or goes on again. */
export const heardOf = [...incidentChangeSchema.shape.change.options, 'pipeline_stale', 'pipeline_recovered'] as const;
export type HeardOf = (typeof heardOf)[number];

/** What a receiver's entry says beside what its kind asks for. */
export const receiverFields = {
  min_severity: severity
    .default('sev3')
    .describe('the least severity whose incidents it hears of; of those it was told of it hears the rest in any case'),
  rate: rate.optional().describe('most messages, such as 1/s or 20/min; without it what its kind takes'),
  watchdog: duration.optional().describe('how often it is told that the road works, such as 5m'),
};

const matchSchema = z.strictObject({
  min_severity: severity.optional().describe('this severity or a worse one; sev1 is the worst'),
  scope: oneOrMore(scope).optional().describe('where hosts crash'),
  channel: oneOrMore(glob).optional().describe('the channel of the suspected update; * stands for any characters'),
  driver: oneOrMore(glob).optional().describe('the image name of the suspected driver'),
  org: oneOrMore(glob).optional().describe('an organisation with crashed hosts, of the 20 with most of them'),
  changes: oneOrMore(z.enum(heardOf))
    .optional()
    .describe(
      'what has happened; without it all that its kind has use for. Ends are told in any case to who was told before',
    ),
});

export const routeSchema = z.strictObject({
  match: matchSchema.optional().describe('all that is said here has to fit; without it everything does'),
  receivers: z.array(z.string()).describe('names of receivers; an empty list tells nobody'),
  continue: z.boolean().default(false).describe('whether the routes after this one are looked at as well'),
  group: duration
    .refine((ms) => ms <= MAX_GROUP_MS, 'wanted at most 10m')
    .optional()
    .describe('incidents that open within this time after another one are told in one message, in chat'),
});
export type RouteEntry = z.output<typeof routeSchema>;

/** The file as a whole. Entries of receivers are judged one by one, by their kinds. */
export const routingSchema = z.strictObject({
  receivers: z.array(z.unknown()).describe('who can be told; an empty list tells nobody'),
  routes: z
    .array(routeSchema)
    .min(1, 'wanted at least one route, got none')
    .optional()
    .describe('looked at in order; without any, every receiver hears of everything'),
  fallback: z.string().optional().describe('the receiver that hears of it when another one cannot be told'),
});

/** The JSON Schema (2020-12) of the file, for editors. */
export function routingJsonSchema(): object {
  const entries = receiverKinds.map(receiverEntryOf);
  const whole = routingSchema.extend({ receivers: z.array(z.union(entries as [z.ZodType, ...z.ZodType[]])) });
  return {
    title: 'Ringwatch: who is told of what',
    ...z.toJSONSchema(whole, { io: 'input', reused: 'inline', unrepresentable: 'any' }),
  };
}

/** An entry as it may be written: what is secret stands there itself, or in a file. */
function receiverEntryOf(kind: (typeof receiverKinds)[number]): z.ZodType {
  const { settings, secretSettings } = definitionOf(kind);
  const secret = ['url', ...secretSettings];
  const shape: Record<string, z.ZodType> = {
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,39}$/)
      .describe('stands in logs and tables'),
    kind: z.literal(kind),
    url: z.string(),
    ...(settings as Record<string, z.ZodType>),
    ...receiverFields,
  };
  for (const each of secret) {
    shape[each] = shape[each]!.optional();
    shape[`${each.replace(/s$/, '')}_file`] = z.string().optional().describe(`a file that holds ${each}`);
  }
  return z.strictObject(shape);
}
