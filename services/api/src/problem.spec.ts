import { z } from 'zod';
import { invalidRequest, problemDetails } from './problem';

const schema = z.strictObject({ limit: z.coerce.number({ error: 'wanted a number' }), name: z.string().optional() });

describe('invalidRequest', () => {
  it('says of each parameter what was wanted and got', () => {
    const given = { limit: 'x'.repeat(500), colour: 'red' };
    const problem = invalidRequest(schema.safeParse(given).error!, given);
    const details = problemDetails(problem, '/there?limit=x');
    expect(details).toMatchObject({
      status: 400,
      type: 'urn:ringwatch:problem:invalid_request',
      instance: '/there?limit=x',
    });
    expect(details.errors?.map(({ path, code }) => [path, code])).toEqual([
      ['limit', 'invalid_type'],
      ['colour', 'unrecognized_keys'],
    ]);
    expect(details.detail.length).toBeLessThan(200);
    expect(details.detail).toContain('limit: wanted a number, got "xxx');
  });

  it.each([
    ['b,x', '"b,x"'],
    [['b', 'x'], '"x"'],
  ])('shows what came as the list %j, never a letter of it', (list, shown) => {
    const words = z.preprocess(
      (value) => (typeof value === 'string' ? value.split(',') : value),
      z.array(z.enum(['a', 'b'])),
    );
    const given = { list };
    const problem = invalidRequest(z.object({ list: words }).safeParse(given).error!, given);
    expect(problem.message).toMatch(new RegExp(`got ${shown}$`));
  });
});
