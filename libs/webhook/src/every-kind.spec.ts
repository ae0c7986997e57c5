import fc from 'fast-check';
import { targets, type StandInRequest } from '../stand-ins';
import { count, quantity } from './figures';
import { changeOf, hostileNames, hugeChange, receiverFor } from './made-up.fixture';
import { noticePurposes } from './notice';
import { ours, say } from './phrase';
import { definitionOf, receiverKinds, toNoticeRequest, toRequest, wants, type ReceiverKind } from './receiver';
import type { DeliveryRequest } from './receiver-definition';

const at = new Date();
const options = { at, dashboardUrl: 'https://ringwatch.example' };
const origin = 'https://target.example';

/** A request as it would come in at its target. */
function arriving({ method = 'POST', url, headers, body }: DeliveryRequest): StandInRequest {
  return { method, url: new URL(url), headers, body };
}

/** What its target finds wrong with a request; undefined where it takes it. */
function problemOf(kind: ReceiverKind, request: DeliveryRequest): unknown {
  try {
    return targets[kind]().answer(arriving(request)).unseen;
  } catch (error) {
    return { error, body: request.body };
  }
}

/** Every text of a body. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

it('has a target for each kind to be judged by', () =>
  expect(Object.keys(targets).sort()).toEqual([...receiverKinds].sort()));

it('is taken by its target, whatever there is to be said', () => {
  const receivers = receiverKinds.map((kind) => receiverFor(kind, targets[kind](), origin));
  fc.assert(
    fc.property(hugeChange, (change) => {
      for (const receiver of receivers) {
        const request = toRequest(receiver, change, { ...options, remarks: ['A remark.'] });
        expect(problemOf(receiver.kind, request)).toBeUndefined();
      }
    }),
    { numRuns: 25 },
  );
});

describe.each(receiverKinds)('%s', (kind) => {
  const receiver = receiverFor(kind, targets[kind](), origin);
  const definition = definitionOf(kind);

  it('is what it says', () => expect(definition.kind).toBe(kind));

  it('makes the same of the same change, but for the moment of the attempt', () => {
    const [first, second] = [1, 2].map(() => toRequest(receiver, changeOf('escalated'), options));
    expect(second).toEqual(first);
  });

  it.each(noticePurposes)('has words for a notice: %s', (purpose) => {
    const notice = {
      purpose,
      id: 'notice-1',
      at: at.toISOString(),
      title: say`Ringwatch: a word about ${'@everyone <!channel>'}`,
      lines: [ours('All is well.')],
    };
    const request = toNoticeRequest(receiver, notice, options);
    expect(problemOf(kind, request)).toBeUndefined();
    expect(request.body).toContain('All is well.');
  });

  it('says first what, how bad, how sure, since when', () => {
    const { body } = toRequest(receiver, changeOf('opened'), options);
    const first = ['SEV1 opened: hosts crash under', '% sure', 'since 2024-07-19 04:10 UTC'];
    if (kind !== 'webhook') for (const words of first) expect(body).toContain(words);
    expect(body).toContain('C-00000291-00000000-00000032');
  });

  it('gives the numbers of the record, each as it stands there', () => {
    const change = changeOf('everything');
    const { evidence } = change;
    const { estimate, low, high } = evidence.relative_risk;
    const body = toRequest(receiver, change, options).body.replace(/<[^>]*>|`/g, '');
    const counts = [evidence.observed, evidence.exposed_hosts, evidence.crashed_hosts, evidence.silent_hosts].map(
      count,
    );
    const lists = [
      ...evidence.countries.slice(0, 5),
      ...evidence.stop_codes,
      ...evidence.signatures,
      ...evidence.os_builds,
    ];
    const listed = lists.map(({ value, hosts }) => `${/^0x/.test(value) ? `(${value})` : value}: ${hosts}`);
    const measures = [evidence.expected, estimate, low, high!].map(quantity);
    const decision = [evidence.statistic, evidence.threshold].map(quantity).join(', line ');
    if (kind === 'webhook') expect(JSON.parse(body)).toMatchObject({ data: change });
    else if (kind === 'rollout') for (const each of [...counts, ...measures]) expect(body).toContain(each);
    else for (const each of [...counts, ...measures, ...listed, decision]) expect(body).toContain(each);
  });

  it('keeps its secrets to the address, the headers and where its target wants them', () => {
    const { secrets } = targets[kind]();
    const { body } = toRequest(receiver, changeOf('opened'), options);
    const own = kind === 'pagerduty' ? [] : secrets;
    for (const secret of own) expect(body).not.toContain(secret);
  });
});

describe('nobody is called by a name', () => {
  /** What a target still reads as markup, once what it takes literally is away. */
  const live: Partial<Record<ReceiverKind, (text: string) => string>> = {
    pagerduty: (text) => text,
    alertmanager: (text) => text,
    discord: (text) => text.replace(/`[^`]*`/g, ''),
    mattermost: (text) => text.replace(/`[^`]*`/g, ''),
    'google-chat': (text) => text.replace(/`[^`]*`/g, ''),
    telegram: (text) => text.replace(/<code>[^<]*<\/code>/g, ''),
    teams: (text) => text,
  };
  /** Mentions, links and markup of any target; our own links go to the dashboard and are taken out before. */
  const dangerous =
    /@(everyone|here|channel|all)\b|<!|<@|<at>|<users\/|\]\(https?:\/\/evil|href="https?:\/\/evil|https?:\/\/evil|www\.evil|\{\{DATE/;

  it.each(Object.keys(live) as ReceiverKind[])('%s', (kind) => {
    const receiver = receiverFor(kind, targets[kind](), origin);
    for (const name of hostileNames) {
      const suspect = { ...changeOf('opened').suspect, update_channel: name, update_version: name, driver: name };
      const action = {
        event_id: 'a',
        action: 'comment',
        actor: name,
        occurred_at: at.toISOString(),
        text: name,
      } as const;
      const base = changeOf('opened');
      const orgs = [{ value: name, hosts: 3 }];
      const change = changeOf('opened', {
        change: 'commented',
        sequence: 2,
        suspect,
        other_suspects: [{ ...suspect, confidence: 0.1 }],
        action,
        evidence: { ...base.evidence, orgs, signatures: [{ ...orgs[0]!, parts: [] }] },
      });
      const { body } = toRequest(receiver, change, { ...options, remarks: ['A remark.'] });
      for (const text of textsOf(JSON.parse(body))) {
        const left = live[kind]!(text).replace(/https:\/\/ringwatch\.example\/[^\s"|>)]*/g, '');
        expect(left).not.toMatch(dangerous);
      }
    }
  });

  it('Discord is told to ring for no one', () => {
    const receiver = receiverFor('discord', targets.discord(), origin);
    const { body } = toRequest(receiver, changeOf('opened'), options);
    expect(JSON.parse(body)).toMatchObject({ allowed_mentions: { parse: [] } });
  });
});

it('says of an update beside a spike without a suspect that it cannot be judged, and gives it no share', () => {
  const { suspect } = changeOf('opened');
  const change = changeOf('opened', {
    suspect: { ...suspect, update_channel: '', update_version: '', confidence: 0 },
    other_suspects: [{ ...suspect, confidence: 0 }],
  });
  const { body } = toRequest(receiverFor('discord', targets.discord(), origin), change, options);
  const texts = textsOf(JSON.parse(body)).join('\n');
  expect(texts).toContain('cannot be judged: hardly any host is without it');
  expect(texts).not.toContain('0 %)');
});

describe('who hears of what', () => {
  const heard = (kind: ReceiverKind) =>
    [
      'opened',
      'escalated',
      'updated',
      'mitigated',
      'resolved',
      'acknowledged',
      'assigned',
      'commented',
      'muted',
    ].filter((name) => wants(kind, changeOf(name)));

  it.each<{ kind: ReceiverKind; not: string[] }>([
    { kind: 'slack', not: ['updated'] },
    { kind: 'teams', not: ['updated'] },
    { kind: 'discord', not: ['updated'] },
    { kind: 'google-chat', not: ['updated'] },
    { kind: 'mattermost', not: ['updated'] },
    { kind: 'telegram', not: ['updated'] },
    { kind: 'pagerduty', not: ['assigned', 'commented', 'muted'] },
    { kind: 'alertmanager', not: [] },
    { kind: 'webhook', not: [] },
  ])('$kind: all but $not', ({ kind, not }) =>
    expect(heard(kind)).toEqual(expect.not.arrayContaining(not.length > 0 ? not : ['none'])),
  );
});
