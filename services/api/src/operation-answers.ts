import { z } from 'zod';
import { isRange, notARange } from './crash-filter-fields';
import { cursorField, instantField, limitField, repeatable, valueField } from './query-fields';

/** Answers for the people who run the system: what receivers were told, and what was refused. */
export const refusalReasons = [
  'not_json',
  'not_object',
  'missing_field',
  'wrong_type',
  'out_of_range',
  'too_large',
  'conflict',
] as const;

const cursor = cursorField.meta({ description: 'next_cursor of the page before' });
const count = z.number().int();
const instant = z.iso.datetime();

export const deliveriesQuerySchema = z.strictObject({
  receiver: repeatable(valueField(200)).meta({ description: 'only deliveries to one of these receivers, by name' }),
  incident_id: repeatable(valueField(200)),
  outcome: repeatable(valueField(64)).meta({ description: 'only deliveries that came to this, such as delivered' }),
  limit: limitField(1_000, 100),
  cursor,
});
export type DeliveriesQuery = z.infer<typeof deliveriesQuerySchema>;

export const deliveriesSchema = z
  .object({
    deliveries: z.array(
      z.object({
        receiver: z.string().meta({ description: 'its name; addresses are never stored' }),
        incident_id: z.string(),
        sequence: count.meta({ description: 'the change of the incident' }),
        change: z.string().meta({ description: 'what kind of change; empty in rows from before it was noted' }),
        attempt: count.meta({ description: '1, 2, ...; 0 where the change was settled without one' }),
        outcome: z.string(),
        status: count.nullable().meta({ description: 'HTTP status; null where there was no answer' }),
        detail: z.string(),
        started_at: instant,
        duration_ms: count,
        carried_by: count
          .nullable()
          .meta({ description: 'the change whose message told this one too; null where it had its own' }),
      }),
    ),
    next_cursor: z.string().nullable(),
  })
  .meta({
    description: 'Attempts to tell receivers of incidents, newest first.',
    examples: [
      {
        deliveries: [
          {
            receiver: 'ops-chat',
            incident_id: 'inc-5b0c1f2a',
            sequence: 1,
            change: 'opened',
            attempt: 1,
            outcome: 'delivered',
            status: 200,
            detail: '',
            started_at: '2024-07-19T04:11:21.000Z',
            duration_ms: 132,
            carried_by: null,
          },
        ],
        next_cursor: null,
      },
    ],
  });

const letterFilters = {
  topic: repeatable(valueField(249)).meta({ description: 'only letters from one of these topics' }),
  reason: repeatable(z.enum(refusalReasons, { error: `wanted one of ${refusalReasons.join(', ')}` })),
  field: repeatable(valueField(200)).meta({ description: 'only letters that were refused for one of these fields' }),
  since: instantField.optional().meta({ description: 'only records with this timestamp or a later one' }),
  until: instantField.optional().meta({ description: 'only records with an earlier timestamp' }),
};

export const lettersQuerySchema = z
  .strictObject({ ...letterFilters, limit: limitField(1_000, 100), cursor })
  .refine(isRange, notARange);
export type LettersQuery = z.infer<typeof lettersQuerySchema>;

const exampleLetter = {
  topic: 'bugchecks',
  partition: 2,
  offset: 1182,
  record_at: '2024-07-19T04:12:00.000Z',
  received_at: '2024-07-19T04:12:00.000Z',
  reason: 'out_of_range',
  field: 'bugcheck_code',
  detail: 'bugcheck_code: wanted 32 unsigned bits, got "0x1000000009F"',
  key: 'host-00017',
  sample: '{"event_id":"e1"',
  payload_bytes: 412,
  redriven_at: null,
};

export const lettersSchema = z
  .object({
    reasons: z
      .array(
        z.object({
          topic: z.string(),
          reason: z.string(),
          field: z.string(),
          letters: count,
          redriven: count.meta({ description: 'of these, sent again' }),
          first_at: instant,
          last_at: instant,
        }),
      )
      .nullable()
      .meta({
        description:
          'how many of each kind, most first, under `since`, `until` and no other filter; null on later pages',
      }),
    letters: z.array(
      z.object({
        topic: z.string(),
        partition: count,
        offset: count,
        record_at: instant,
        received_at: instant,
        reason: z.string(),
        field: z.string(),
        detail: z.string(),
        key: z.string(),
        sample: z.string().meta({ description: 'the first 500 characters, as far as the bytes are text' }),
        payload_bytes: count,
        redriven_at: instant.nullable(),
      }),
    ),
    next_cursor: z.string().nullable(),
  })
  .meta({
    description: 'Messages that were refused, newest record first.',
    examples: [
      {
        reasons: [
          {
            topic: 'bugchecks',
            reason: 'out_of_range',
            field: 'bugcheck_code',
            letters: 1,
            redriven: 0,
            first_at: '2024-07-19T04:12:00.000Z',
            last_at: '2024-07-19T04:12:00.000Z',
          },
        ],
        letters: [exampleLetter],
        next_cursor: null,
      },
    ],
  });
