import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { targets } from '../stand-ins';
import { changeOf, receiverFor } from './made-up.fixture';
import { receiverKinds, toRequest, wants, type ReceiverKind } from './receiver';
import type { DeliveryRequest } from './receiver-definition';

const folder = join(__dirname, '..', 'cases');
const isUpdate = process.env['UPDATE_CASES'] === '1';

/** The cases that every kind shows; Slack shows all, in `cases/` itself. */
const names = [
  'opened',
  'everything',
  'escalated',
  'mitigated',
  'resolved',
  'superseded',
  'no-update',
  'hostile-names',
];

/** What earlier messages came back as. */
const earlier: Partial<Record<ReceiverKind, string>> = {
  discord: '1263000000000000000',
  telegram: '17',
  rollout: 'halt',
};

const kinds = receiverKinds.filter((kind) => kind !== 'slack');

describe.each(kinds)('the golden messages of %s', (kind) => {
  const receiver = receiverFor(kind, targets[kind](), 'https://target.example');

  it.each(names)('%s', (name) => {
    const path = join(folder, kind, `${name}.json`);
    const change = changeOf(name);
    const follows = change.sequence === 1 ? undefined : earlier[kind];
    if (!wants(kind, change, follows)) return expect(existsSync(path)).toBe(false);
    const at = new Date(Date.parse(change.detected_at) + 2_000);
    const request = toRequest(receiver, change, { at, dashboardUrl: 'https://ringwatch.example', earlier: follows });
    const made = shown(request, change);
    if (isUpdate) {
      mkdirSync(join(folder, kind), { recursive: true });
      writeFileSync(path, `${JSON.stringify(made, null, 2)}\n`);
    } else expect(made).toEqual(JSON.parse(readFileSync(path, 'utf8')));
  });
});

/** A request as it is to be reviewed: without what is the same in all, and with the change itself by name only. */
function shown({ method = 'POST', url, headers, body }: DeliveryRequest, change: object): object {
  const parsed = JSON.parse(body) as Record<string, unknown>;
  const isWhole = JSON.stringify(parsed['data']) === JSON.stringify(change);
  const { 'content-type': contentType, 'webhook-id': id } = headers;
  return {
    request: `${method} ${url}`,
    'content-type': contentType,
    ...(id === undefined ? {} : { 'webhook-id': id }),
    body: isWhole ? { ...parsed, data: 'the change as it was given' } : parsed,
  };
}
