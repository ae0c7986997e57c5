import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { incidentChangeSchema, type IncidentChange } from '@ringwatch/incident';
import { isHeard, whoHearsOfPipeline } from './is-heard';
import { readRouting } from './read-routing';
import type { Routing } from './routing';

const cases = join(__dirname, '..', '..', 'webhook', 'cases');
const { given } = JSON.parse(readFileSync(join(cases, 'opened.json'), 'utf8')) as { given: object };
const opened = incidentChangeSchema.parse(given);
const change = (kind: IncidentChange['change'], more: Partial<IncidentChange> = {}) => ({
  ...opened,
  change: kind,
  ...more,
});

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const receivers = `
receivers:
  - { name: chat, kind: slack, url: "https://hooks.slack.example/x" }
  - { name: on-call, kind: slack, url: "https://hooks.slack.example/y", min_severity: sev2 }
  - { name: tools, kind: webhook, url: "https://tools.example/x", secrets: [${secret}] }
`;
function routingIn(routes = ''): Routing {
  const reading = readRouting(`${receivers}${routes}`, { readFile: () => '', policy: { allowedHosts: [] } });
  if (reading.kind === 'refused') throw new Error(reading.problems.join('\n'));
  return reading.routing;
}
/** The names of all that hear of a change. */
const hear = (routing: Routing, of: IncidentChange, knowsIncident = false) =>
  routing.receivers.filter((each) => isHeard(routing, each, of, { knowsIncident })).map((each) => each.receiver.name);

describe('without routes', () => {
  const routing = routingIn();

  it.each([
    'opened',
    'escalated',
    'mitigated',
    'resolved',
    'reopened',
    'superseded',
    'acknowledged',
    'unmuted',
  ] as const)('everyone hears of %s', (kind) =>
    expect(hear(routing, change(kind))).toEqual(['chat', 'on-call', 'tools']),
  );

  it('nobody hears of what goes on while it is muted', () => {
    for (const kind of ['escalated', 'updated', 'mitigated', 'muted', 'commented'] as const)
      expect(hear(routing, change(kind, { muted: true }), true)).toEqual([]);
  });

  it('everyone hears that a mute has ended by growth, and of an end while it lasts', () => {
    const everyone = ['chat', 'on-call', 'tools'];
    expect(hear(routing, change('unmuted', { muted: false, severity: 'sev3' }), true)).toEqual(everyone);
    expect(hear(routing, change('resolved', { muted: false, severity: 'sev3' }), true)).toEqual(everyone);
  });

  it('only programs hear of mere new figures', () => expect(hear(routing, change('updated'), true)).toEqual(['tools']));

  it.each([
    { severity: 'sev1', knows: false, heard: ['chat', 'on-call', 'tools'] },
    { severity: 'sev2', knows: false, heard: ['chat', 'on-call', 'tools'] },
    { severity: 'sev3', knows: false, heard: ['chat', 'tools'] },
    { severity: 'sev3', knows: true, heard: ['chat', 'on-call', 'tools'] },
  ] as const)('who asks for sev2 and worse: $severity, known $knows', ({ severity, knows, heard }) =>
    expect(hear(routing, change('escalated', { severity }), knows)).toEqual(heard),
  );
});

describe('with routes', () => {
  const rest = '  - receivers: [tools]';

  it.each<{ match: string; of: Partial<IncidentChange>; heard: string[] }>([
    { match: 'min_severity: sev2', of: { severity: 'sev1' }, heard: ['chat'] },
    { match: 'min_severity: sev2', of: { severity: 'sev3' }, heard: ['tools'] },
    { match: 'scope: [global, regional]', of: { scope: 'regional' }, heard: ['chat'] },
    { match: 'scope: [global, regional]', of: { scope: 'single_org' }, heard: ['tools'] },
    { match: 'channel: "channel-file-*"', of: {}, heard: ['chat'] },
    { match: 'channel: "driver:*"', of: {}, heard: ['tools'] },
    { match: 'driver: [nv*.sys, CSAGENT.sys]', of: {}, heard: ['chat'] },
    { match: 'driver: nv*.sys', of: {}, heard: ['tools'] },
    { match: 'org: nobody-*', of: {}, heard: ['tools'] },
    { match: 'changes: [opened, resolved]', of: { change: 'opened' }, heard: ['chat'] },
    { match: 'changes: [opened, resolved]', of: { change: 'escalated' }, heard: ['tools'] },
    { match: 'min_severity: sev1, channel: "driver:*"', of: { severity: 'sev1' }, heard: ['tools'] },
  ])('{ $match } and $of: $heard', ({ match, of, heard }) => {
    const routing = routingIn(
      `routes:\n  - { match: { ${match} }, receivers: [chat] }\n${rest}\n  `.replace(/\s+$/, '\nfallback: on-call\n'),
    );
    expect(hear(routing, { ...opened, ...of })).toEqual(heard);
  });

  it('looks at organisations that have crashed hosts', () => {
    const [org] = opened.evidence.orgs;
    const routing = routingIn(
      `routes:\n  - { match: { org: "${org!.value}" }, receivers: [chat, on-call] }\n${rest}\n`,
    );
    expect(hear(routing, opened)).toEqual(['chat', 'on-call']);
  });

  it('goes on where a route says so', () => {
    const routing = routingIn(`routes:
  - { match: { min_severity: sev1 }, receivers: [chat], continue: true }
  - { match: { min_severity: sev2 }, receivers: [on-call] }
${rest}`);
    expect(hear(routing, change('opened', { severity: 'sev1' }))).toEqual(['chat', 'on-call']);
    expect(hear(routing, change('opened', { severity: 'sev2' }))).toEqual(['on-call']);
    expect(hear(routing, change('opened', { severity: 'sev3' }))).toEqual(['tools']);
  });

  it('lets who was told of an incident hear the rest, whatever has become of it', () => {
    const routing = routingIn(
      `routes:\n  - { match: { min_severity: sev1, scope: global }, receivers: [chat, on-call] }\n${rest}`,
    );
    const mild = { severity: 'sev3', scope: 'single_org' } as const;
    expect(hear(routing, change('escalated', mild))).toEqual(['tools']);
    expect(hear(routing, change('escalated', mild), true)).toEqual(['chat', 'on-call', 'tools']);
    expect(hear(routing, change('resolved', mild), true)).toEqual(['chat', 'on-call', 'tools']);
  });

  it('tells the end also to who asked for other changes alone, once they know of it', () => {
    const routing = routingIn(`routes:\n  - { match: { changes: opened }, receivers: [chat, on-call] }\n${rest}`);
    expect(hear(routing, change('resolved'), true)).toEqual(['chat', 'on-call', 'tools']);
    expect(hear(routing, change('escalated'), true)).toEqual(['tools']);
  });

  it('tells chat of new figures where a route names them, on that route alone', () => {
    const routing = routingIn(`routes:
  - { match: { changes: [opened, updated], channel: "channel-file-*" }, receivers: [chat, tools] }
  - { receivers: [chat, on-call] }`);
    expect(hear(routing, change('updated'))).toEqual(['chat', 'tools']);
    const suspect = { ...opened.suspect, update_channel: 'driver:nv.sys' };
    expect(hear(routing, change('updated', { suspect }))).toEqual([]);
  });

  it('says to the routes of the worst severity that the pipeline stands', () => {
    const routing = routingIn(`routes:
  - { match: { min_severity: sev2 }, receivers: [on-call], continue: true }
  - { match: { channel: "channel-file-*" }, receivers: [chat] }
${rest}`);
    expect(whoHearsOfPipeline(routing, 'pipeline_stale')).toEqual(['on-call', 'tools']);
    const none = routingIn(
      'routes:\n  - { match: { changes: pipeline_stale }, receivers: [] }\n  - receivers: [chat, on-call, tools]',
    );
    expect(whoHearsOfPipeline(none, 'pipeline_stale')).toEqual([]);
    expect(whoHearsOfPipeline(none, 'pipeline_recovered')).toEqual(['chat', 'on-call', 'tools']);
  });
});
