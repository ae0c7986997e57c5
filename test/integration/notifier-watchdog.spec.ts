import { setTimeout as sleep } from 'node:timers/promises';
import { connectKafka, TopicWriter } from '@ringwatch/kafka';
import { entryFor, StubReceiver, until } from '../support/notifier-world';
import { heartbeat } from '../support/audit-world';
import { Stack } from '../support/stack';

const STALE_AFTER_MS = 5_000;

interface NoticeBody {
  type: string;
  data: { title: string; lines: string[] };
}

/** The real road: heartbeats on Kafka, ingest, the detector, and a notifier that watches over it with short limits. */
describe('the watchdog', () => {
  const stack = new Stack();
  const receiver = new StubReceiver();
  let writer: TopicWriter | undefined;
  let isBeating = true;
  let beating: Promise<void>;

  beforeAll(async () => {
    await Promise.all([stack.start(), receiver.listen()]);
    const config = { receivers: [entryFor('hook', receiver, { watchdog: '1s' })] };
    const watching = { NOTIFIER_STALE_AFTER: `${STALE_AFTER_MS / 1000}s`, NOTIFIER_ALLOW_PRIVATE_TARGETS: '127.0.0.1' };
    await stack.run('ingest');
    await Promise.all([
      stack.run('detector'),
      stack.run('notifier', { ...watching, NOTIFIER_CONFIG: JSON.stringify(config) }),
    ]);
    writer = new TopicWriter(connectKafka({ brokers: stack.platform.kafkaBrokers, clientId: 'test' }));
    await writer.connect();
    beating = beat();
  }, 300_000);
  afterAll(async () => {
    isBeating = false;
    await beating;
    await writer?.disconnect();
    await stack.stop();
    await receiver.close();
  });

  async function beat(): Promise<void> {
    for (let host = 0; isBeating; host++, await sleep(100)) {
      const value = JSON.stringify(heartbeat(`host-${host % 50}`));
      await writer!.write([{ topic: 'heartbeats', key: `host-${host % 50}`, value }]);
    }
  }

  const notices = () => receiver.taken.map(({ body, at }) => ({ ...(JSON.parse(body) as NoticeBody), at }));
  const pipeline = () => notices().filter(({ type }) => type.startsWith('notice.pipeline'));
  const watchdogs = () => notices().filter(({ type }) => type === 'notice.watchdog');

  it('says that all is well while it is', async () => {
    await until('some turns with events', () =>
      watchdogs().some(({ data }) => !data.lines[0]!.includes('Last arrival: not known')),
    );
    expect(watchdogs().at(-1)!.data.lines.join(' ')).toContain('Open incidents: 0.');
  }, 120_000);

  it('says within the limit that ingest stands, once, and that it goes on again, also after a restart of its own', async () => {
    await stack.halt('ingest');
    const stoppedAt = Date.now();
    // On a machine with much else to do it may have stood before.
    const since = () => pipeline().filter(({ at }) => at > stoppedAt);
    await until('the alert', () => since().length > 0);
    const [{ at, ...alert }] = since() as [NoticeBody & { at: number }];
    expect(alert).toMatchObject({
      type: 'notice.pipeline_stale',
      data: { title: expect.stringContaining('events are not stored') },
    });
    expect(at - stoppedAt).toBeLessThan(STALE_AFTER_MS + 5_000);
    const turns = watchdogs().length;
    await stack.halt('notifier');
    await stack.resume('notifier');
    await sleep(STALE_AFTER_MS + 2_000);
    expect(since()).toHaveLength(1);
    expect(watchdogs()).toHaveLength(turns);
    await stack.resume('ingest');
    await until('the end of it', () => since().length > 1);
    expect(since()[1]).toMatchObject({ type: 'notice.pipeline_recovered' });
    process.stdout.write(`ingest stopped: told after ${at - stoppedAt} ms, with a limit of ${STALE_AFTER_MS} ms\n`);
  }, 120_000);

  it('tells events that stop from an ingest that stands', async () => {
    isBeating = false;
    const stoppedAt = Date.now();
    const titles = () =>
      pipeline().flatMap(({ at, data }) => (at > stoppedAt + STALE_AFTER_MS / 2 ? [data.title] : []));
    await until('the alert', () => titles().some((title) => title.includes('no events arrive')));
  }, 120_000);
});
