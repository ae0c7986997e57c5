import { incidentActions } from '@ringwatch/incident';
import { z } from 'zod';
import { Problem } from './problem';

/**
 * The bodies of what people do with an incident: the fields of the topic `incident-actions` that a person gives. Lengths count
 * code points, as on the topic; whoever reads the topic judges them, so here they are only described.
 */
const keepable = (minLength: number, maxLength: number, description: string) =>
  z
    .string({ error: 'wanted text' })
    .refine((text) => !/\p{Cc}/u.test(text), { error: 'wanted text without control characters' })
    .meta({ minLength, maxLength, pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]*$', description });

const actor = keepable(
  1,
  128,
  'who does it, where the api asks nobody for a key (`anonymous` when left out); with a key its name stands in the record',
).optional();
const note = keepable(0, 4_000, 'a note').optional();

export const plainActionSchema = z
  .strictObject({ actor, text: note })
  .meta({ description: 'Nothing more has to be said.', examples: [{ text: 'I have it' }] });

export const assignBodySchema = z
  .strictObject({ actor, text: note, assignee: keepable(0, 128, 'who takes it; empty takes the assignment back') })
  .meta({ description: 'Who takes it.', examples: [{ assignee: 'ben' }] });

export const commentBodySchema = z
  .strictObject({ actor, text: keepable(1, 4_000, 'what is said') })
  .meta({ description: 'What is said.', examples: [{ text: 'the vendor has answered' }] });

export const muteBodySchema = z
  .strictObject({
    actor,
    text: note,
    muted_until: z.iso
      .datetime({ offset: true, error: 'wanted a time with a zone, such as 2024-07-19T06:00:00Z' })
      .optional()
      .meta({ description: 'until this arrival time, at most 30 days on' }),
    muted_factor: z
      .number({ error: 'wanted a number' })
      .optional()
      .meta({ minimum: 1.01, maximum: 1_000_000, description: 'until so many times as many hosts are hit' }),
  })
  .refine((body) => body.muted_until !== undefined || body.muted_factor !== undefined, {
    error: 'wanted muted_until, muted_factor or both: a mute has to end',
    path: ['muted_until'],
  })
  .meta({
    description: 'Until when nobody is told of it: a time, growth, or whichever comes first.',
    anyOf: [{ required: ['muted_until'] }, { required: ['muted_factor'] }],
    examples: [{ muted_until: '2024-07-19T06:00:00Z', muted_factor: 2 }],
  });

/** @throws Problem 400 */
export function readIdempotencyKey(given: string | undefined): string | undefined {
  if (given === undefined || /^[!-~]{1,255}$/.test(given)) return given;
  const message = `wanted 1 to 255 visible ASCII characters, got ${JSON.stringify(given.slice(0, 80))}`;
  const errors = [{ path: 'Idempotency-Key', code: 'invalid_format', message }];
  throw new Problem('invalid_request', `Idempotency-Key: ${message}`, { errors });
}

export const acceptedActionSchema = z
  .object({
    event_id: z.string().meta({ description: 'id of the action; it stands in the change that it makes' }),
    incident_id: z.string(),
    action: z.enum(incidentActions),
    actor: z.string(),
    occurred_at: z.iso.datetime(),
  })
  .meta({
    description:
      'The action is on its way: it is an input like any other, and the incident changes with the next tick of arrival time.',
    examples: [
      {
        event_id: 'api:5b0c1f2a90d4c6e8a1b3',
        incident_id: 'inc-5b0c1f2a',
        action: 'acknowledge',
        actor: 'ann',
        occurred_at: '2024-07-19T04:12:00.000Z',
      },
    ],
  });
