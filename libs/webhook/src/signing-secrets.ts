import { z } from 'zod';
import { problemWithSecret } from './sign';

/** The setting `secrets`, newest first: while they are changed the receiver may know either. */
export const secretsSetting = z
  .array(
    z.string().superRefine((secret, context) => {
      const problem = problemWithSecret(secret);
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
    }),
  )
  .min(1, 'wanted at least one, got none')
  .readonly();
