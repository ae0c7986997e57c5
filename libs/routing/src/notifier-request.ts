import { z } from 'zod';

/** The topic in which the notifier is asked for something; the key is the receiver's name. */
export const REQUESTS_TOPIC = 'notifier-requests';

const asked = {
  /** Names the request: it is carried out once, however often it is read. */
  request_id: z.string().min(1).max(64),
  /** Who is to be spoken to. */
  receiver: z.string().min(1),
};

/** What could not be told to a receiver, as its stand-in is told. Texts are plain; names in them came from outside. */
const undelivered = z.object({
  receiver: z.string(),
  incident_id: z.string(),
  sequence: z.number().int().nonnegative(),
  change: z.string(),
  severity: z.string(),
  /** What the message would have been headed with. */
  title: z.string(),
  outcome: z.string(),
  detail: z.string(),
});
export type Undelivered = z.infer<typeof undelivered>;

const notifierRequestSchema = z.discriminatedUnion('kind', [
  /** Send a change again, whatever became of it before. */
  z.object({
    kind: z.literal('resend'),
    ...asked,
    incident_id: z.string().min(1),
    sequence: z.number().int().positive(),
  }),
  /** Speak again to a receiver that said it is gone. */
  z.object({ kind: z.literal('resume'), ...asked }),
  /** Tell of what another receiver could not be told. */
  z.object({ kind: z.literal('undelivered'), ...asked, report: undelivered }),
]);
export type NotifierRequest = z.infer<typeof notifierRequestSchema>;

/** Reads a message of the topic. What cannot be read is told apart, in words. */
export function readNotifierRequest(value: Buffer | null): NotifierRequest | { problem: string } {
  let message: unknown;
  try {
    message = JSON.parse(value?.toString('utf8') ?? '');
  } catch {
    return { problem: 'wanted a JSON object, got something that is not JSON' };
  }
  const parsed = notifierRequestSchema.safeParse(message);
  if (parsed.success) return parsed.data;
  return { problem: parsed.error.issues.map(({ path, message: what }) => `${path.join('.')}: ${what}`).join('; ') };
}

/** The record that asks for something. */
export function requestRecord(request: NotifierRequest): { topic: string; key: string; value: string } {
  return { topic: REQUESTS_TOPIC, key: request.receiver, value: JSON.stringify(request) };
}
