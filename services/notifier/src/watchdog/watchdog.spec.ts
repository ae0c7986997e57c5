import type { LastNotice } from '@ringwatch/clickhouse';
import { readRouting } from '@ringwatch/routing';
import { plain } from '@ringwatch/webhook';
import { wallClock } from '../clock';
import type { DeliveryLog } from '../delivery/delivery-log';
import type { ReceiverLane } from '../delivery/receiver-lane';
import type { Content } from '../delivery/waiting';
import { Telemetry } from '../telemetry';
import type { Observation } from './pipeline-watch';
import { Watchdog } from './watchdog';

const START = Date.parse('2026-03-01T12:00:00Z');
const MINUTE = 60_000;

beforeEach(() => jest.useFakeTimers({ now: START }));
afterEach(() => jest.useRealTimers());

const text = `
receivers:
  - { name: chat, kind: slack, url: "https://hooks.slack.example/x", watchdog: 10m }
  - { name: pager, kind: slack, url: "https://hooks.slack.example/y" }
  - { name: quiet, kind: slack, url: "https://hooks.slack.example/z", watchdog: 1h }
routes: [{ receivers: [chat, pager] }]
`;

/** A watchdog over a road on which events arrive until `arrives` says no; what was told, by receiver. */
function watchdogWith(arrives: (sinceStartMs: number) => boolean, last: Record<string, LastNotice> = {}) {
  const reading = readRouting(text, { readFile: () => '', policy: { allowedHosts: [] } });
  if (reading.kind === 'refused') throw new Error(reading.problems.join('\n'));
  const told: Array<{ at: number; to: string; change: string; title: string; lines: string[] }> = [];
  const lanes = ['chat', 'pager', 'quiet'].map((name) => {
    const tell = (content: Content) => {
      if (content.kind !== 'notice') throw new Error('wanted a notice');
      const { title, lines } = content.notice;
      told.push({
        at: Date.now() - START,
        to: name,
        change: content.change,
        title: plain(title),
        lines: lines.map(plain),
      });
      return Promise.resolve();
    };
    return { name, tell } as unknown as ReceiverLane;
  });
  const lastNotice = (receiver: string, subject: string) => Promise.resolve(last[`${receiver} ${subject}`]);
  let arrivalUntil = START - MINUTE;
  const observe = (): Promise<Observation> => {
    if (arrives(Date.now() - START)) arrivalUntil = Date.now();
    return Promise.resolve({
      at: Date.now(),
      store: { arrivalUntil, decidedUntil: arrivalUntil },
      kafka: { waiting: 0 },
    });
  };
  const nothing = () => undefined;
  const watchdog = new Watchdog(2 * MINUTE, {
    routing: reading.routing,
    lanes,
    log: { lastNotice } as unknown as DeliveryLog,
    clock: wallClock,
    telemetry: new Telemetry({ info: nothing, warn: nothing, error: nothing }),
    observe,
    openIncidents: () => Promise.resolve(3),
  });
  void watchdog.run();
  const after = async (ms: number) => {
    await jest.advanceTimersByTimeAsync(ms);
    return told.map(({ at, to, change }) => [Math.round(at / 1000), to, change]);
  };
  return { watchdog, told, after };
}

it('says at every turn that all is well, to who asks for it', async () => {
  const { told, after } = watchdogWith(() => true);
  expect(await after(25 * MINUTE)).toEqual([
    [5, 'chat', 'watchdog'],
    [5, 'quiet', 'watchdog'],
    [605, 'chat', 'watchdog'],
    [1205, 'chat', 'watchdog'],
  ]);
  expect(told.at(-1)!.lines.join(' ')).toContain('Last arrival: 2026-03-01 12:20:05 UTC');
  expect(told.at(-1)!.lines.join(' ')).toContain('Open incidents: 3.');
});

it('keeps its turns over a restart', async () => {
  const last = { 'chat watchdog': { change: 'watchdog', outcome: 'delivered', startedAt: START - 8 * MINUTE } };
  const { after } = watchdogWith(() => true, last);
  expect((await after(3 * MINUTE)).filter(([, to]) => to === 'chat')).toEqual([[120, 'chat', 'watchdog']]);
});

it('says to the routes that events have stopped, once, and once that they are back; meanwhile all is not well', async () => {
  const { told, after } = watchdogWith((ms) => ms < 5 * MINUTE || ms > 30 * MINUTE);
  const said = await after(31 * MINUTE);
  expect(said.filter(([at]) => Number(at) > 5)).toEqual([
    [415, 'chat', 'pipeline_stale'],
    [415, 'pager', 'pipeline_stale'],
    [1805, 'chat', 'pipeline_recovered'],
    [1805, 'pager', 'pipeline_recovered'],
    [1805, 'chat', 'watchdog'],
  ]);
  expect(told.find(({ change }) => change === 'pipeline_stale')!.title).toContain('no events arrive');
});

it('does not say again after a restart what was said, and says the end', async () => {
  const said = { change: 'pipeline_stale', outcome: 'delivered', startedAt: START - MINUTE };
  const { after } = watchdogWith((ms) => ms > 10 * MINUTE, { 'chat pipeline': said });
  expect((await after(11 * MINUTE)).filter(([, , change]) => change !== 'watchdog')).toEqual([
    [120, 'pager', 'pipeline_stale'],
    [605, 'chat', 'pipeline_recovered'],
    [605, 'pager', 'pipeline_recovered'],
  ]);
});

it('is quiet once it is stopped', async () => {
  const { watchdog, after } = watchdogWith(() => true);
  await after(MINUTE);
  watchdog.stop();
  expect(await after(30 * MINUTE)).toHaveLength(2);
});
