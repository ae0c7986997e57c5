import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { incidentChangeSchema } from '@ringwatch/incident';
import { announce } from './announce';
import { chatText } from './chat-text';
import { toSlackMessage } from './receivers/slack';

const folder = join(__dirname, '..', 'cases');

/** `UPDATE_CASES=1 npx jest -c libs/webhook/jest.config.cjs` writes what comes out now; the diff is to be read. */
const isUpdate = process.env['UPDATE_CASES'] === '1';

interface Case {
  about: string;
  dashboard_url: string | null;
  given: unknown;
  slack?: unknown;
  chat?: string[];
}

describe('the golden messages', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

  it.each(files)('%s', (file) => {
    const path = join(folder, file);
    const { about, dashboard_url, given, ...wanted } = JSON.parse(readFileSync(path, 'utf8')) as Case;
    const message = toSlackMessage(
      announce(incidentChangeSchema.parse(given), { dashboardUrl: dashboard_url ?? undefined }),
    );
    const made = { slack: message, chat: chatText(message).split('\n') };
    if (isUpdate) writeFileSync(path, `${JSON.stringify({ about, dashboard_url, given, ...made }, null, 2)}\n`);
    else expect(made).toEqual(wanted);
  });

  it('has one for each change', () => {
    const names = files.map((file) => file.replace('.json', ''));
    expect(names).toEqual(expect.arrayContaining([...incidentChangeSchema.shape.change.options]));
  });
});
