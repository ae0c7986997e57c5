import { keyScopes } from '@ringwatch/clickhouse';
import { z } from 'zod';
import { cursorField, limitField, repeatable, valueField } from './query-fields';

export const signInBodySchema = z
  .strictObject({ key: z.string({ error: 'wanted a key' }).max(200, { error: 'wanted a key' }) })
  .meta({
    description: 'A key to sign in with.',
    examples: [{ key: 'rw_7QZ1mK2p_0000000000000000000000000000example' }],
  });

export const sessionSchema = z
  .object({
    access: z.enum(['open', 'keys']).meta({ description: 'open: whoever is at this machine needs no key' }),
    name: z.string().nullable().meta({ description: 'the name of the key; null without one' }),
    scopes: z.array(z.enum(keyScopes)),
    orgs: z.array(z.string()).meta({ description: 'only the data of these organisations; empty for all' }),
    expires_at: z.iso.datetime().nullable().meta({ description: 'when the session ends, where one was just opened' }),
  })
  .meta({
    description: 'Who you are here.',
    examples: [{ access: 'keys', name: 'ann', scopes: ['triage'], orgs: [], expires_at: '2024-07-19T16:00:00.000Z' }],
  });

export const auditQuerySchema = z.strictObject({
  actor: repeatable(valueField(128)),
  action: repeatable(valueField(64)).meta({ description: 'such as acknowledge, resolve, key.created' }),
  target: repeatable(valueField(256)).meta({ description: 'an incident_id, or the id of a key' }),
  limit: limitField(1_000, 100),
  cursor: cursorField.meta({ description: 'next_cursor of the page before' }),
});
export type AuditQuery = z.infer<typeof auditQuerySchema>;

const standing = z.record(z.string(), z.unknown()).nullable();
export const auditSchema = z
  .object({
    entries: z.array(
      z.object({
        id: z.string(),
        at: z.iso.datetime().meta({ description: 'by the clock of the api' }),
        actor: z.string(),
        key_id: z.string().nullable().meta({ description: 'null where nobody was asked for a key' }),
        action: z.string(),
        target: z.string(),
        before: standing.meta({ description: 'how it stood' }),
        after: standing.meta({ description: 'what was asked for' }),
      }),
    ),
    next_cursor: z.string().nullable(),
  })
  .meta({
    description: 'What people did, newest first.',
    examples: [
      {
        entries: [
          {
            id: 'api:5b0c1f2a90d4c6e8a1b3',
            at: '2024-07-19T04:12:00.000Z',
            actor: 'ann',
            key_id: '7QZ1mK2p',
            action: 'acknowledge',
            target: 'inc-5b0c1f2a',
            before: { sequence: 3, state: 'open', assignee: null, muted: false },
            after: { text: 'I have it' },
          },
        ],
        next_cursor: null,
      },
    ],
  });
