import type { ClickHouseClient } from '@ringwatch/clickhouse';
import { Watch, defaultPolicy } from '@ringwatch/detection';
import { EvidenceLoader } from './evidence-loader';

const START = Date.parse('2024-07-19T04:00:30Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

interface Question {
  name: string;
  values: Record<string, unknown>;
}

interface Known {
  channel: string;
  /** Minutes after the start: when it was first heard of, and from when. */
  received: number;
  occurred?: number;
}

/** A store that knows when updates were first heard of, holds no host, and keeps what it was asked. */
class Store {
  readonly asked: Question[] = [];
  hostsPerChannel = 0;

  constructor(private readonly updates: Known[]) {}

  query({
    query_params,
    clickhouse_settings,
  }: {
    query_params: Record<string, unknown>;
    clickhouse_settings: { log_comment: string };
  }) {
    const name = clickhouse_settings.log_comment;
    this.asked.push({ name, values: query_params });
    return Promise.resolve({ json: () => Promise.resolve(this.answer(name, query_params)) });
  }

  private answer(name: string, values: Record<string, unknown>): object[] {
    if (name === 'evidence/known-updates') return this.known(values as { since: number; until: number });
    if (name !== 'release-history/channel-hosts') return [];
    const channels = values['channels'] as string[];
    return channels.map((channel) => ({ update_channel: channel, eligible_hosts: this.hostsPerChannel }));
  }

  private known({ since, until }: { since: number; until: number }) {
    return this.updates
      .map(({ channel, received, occurred = received }) => ({
        update_channel: channel,
        update_version: '2',
        received_at: START + received * MINUTE,
        occurred_at: START + occurred * MINUTE,
      }))
      .filter(({ received_at }) => received_at >= since && received_at < until);
  }

  /** The windows that one question was asked for since the last call, in minutes after the start. */
  take(name: string): Array<[number, number]> {
    const asked = this.asked.filter((question) => question.name === `evidence/${name}`);
    this.asked.splice(0, this.asked.length, ...this.asked.filter((question) => !asked.includes(question)));
    return asked
      .map(({ values }) => values as { since: number; until: number })
      .map(({ since, until }): [number, number] => [(since - START) / MINUTE, (until - START) / MINUTE])
      .sort(([a], [b]) => a - b);
  }
}

function loading(updates: Known[]) {
  const store = new Store(updates);
  const watch = new Watch(defaultPolicy);
  const loader = new EvidenceLoader(store as unknown as ClickHouseClient, watch);
  const advance = async (from: number, until: number) => {
    watch.absorb({ ...(await loader.arrived(START + from * MINUTE, START + until * MINUTE)), awake: [] });
    watch.forget();
  };
  return { store, watch, loader, advance };
}

/** Minutes after the start: 26 hours before the full hour. */
const dayBefore = -26 * 60 - 0.5;

describe('what is read from the store', () => {
  it('is what arrives, once, whether or not anything is under watch', async () => {
    const { store, advance } = loading([{ channel: 'a', received: 15, occurred: 5 }]);
    await advance(0, 10);
    await advance(10, 20);
    expect(store.take('crashes')).toEqual([
      [0, 10],
      [10, 20],
    ]);
    expect(store.take('host-applies')).toEqual([
      [0, 10],
      [10, 20],
    ]);
  });

  it('leaves out copies of crashes that were not kept one by one', async () => {
    const { store, loader, watch } = loading([]);
    const toldLateBefore = () =>
      store.asked
        .splice(0)
        .filter(({ name }) => name === 'evidence/crashes')
        .map(({ values }) => ((values['told_late_before'] as number) - START) / MINUTE);
    watch.absorb(await loader.history(START));
    // A clock a day ahead, and an hour: what happened before this can have arrived before the first crash that is kept.
    expect(toldLateBefore()).toEqual([dayBefore - 2 + 25 * 60]);
    await loader.arrived(START, START + MINUTE);
    expect(toldLateBefore()).toEqual([dayBefore + 25 * 60]);
  });

  it('is, of channels that come under watch, also which hosts run them, to pick those that crashed', async () => {
    const { store, advance } = loading([
      { channel: 'a', received: 5 },
      { channel: 'b', received: 15, occurred: -30 },
    ]);
    const asked = () =>
      store.asked.splice(0).flatMap(({ name, values }) => {
        if (name === 'evidence/host-channels') return [values['channels']];
        return name === 'evidence/hosts-on-channels' ? [['all of', values['channels']]] : [];
      });
    await advance(0, 10);
    expect(asked()).toEqual([['a'], ['all of', ['a']]]);
    await advance(10, 20);
    expect(asked()).toEqual([
      ['a', 'b'],
      ['all of', ['b']],
    ]);
    await advance(20, 30);
    expect(asked()).toEqual([['a', 'b']]);
  });

  it('is, of channels of very many hosts, what hosts run that crashed in the last day', async () => {
    const { store, advance } = loading([
      { channel: 'a', received: 5 },
      { channel: 'b', received: 15, occurred: -30 },
    ]);
    store.hostsPerChannel = 50_001;
    await advance(0, 10);
    expect(store.take('host-channels')).toEqual([
      [dayBefore, 0],
      [0, 10],
    ]);
    await advance(10, 20);
    expect(store.take('host-channels')).toEqual([
      [dayBefore, 10],
      [10, 20],
    ]);
    expect(store.take('hosts-on-channels')).toEqual([]);
  });

  it('counts the hosts of a channel by full minutes, each minute once', async () => {
    const { store, advance } = loading([{ channel: 'a', received: 1 }]);
    await advance(0, 2.25);
    await advance(2.25, 2.4);
    await advance(2.4, 4);
    const sinceEver = -START / MINUTE;
    expect(store.take('eligible-hosts')).toEqual([
      [sinceEver, 1.5],
      [1.5, 3.5],
    ]);
  });

  it('starts with what came under watch in the last days, and with what the vendor had said a day before', async () => {
    const { store, loader, watch } = loading([{ channel: 'a', received: -120 }]);
    watch.absorb(await loader.history(START));
    const watchedSince = -0.5 - defaultPolicy.watchMs / MINUTE;
    expect(store.take('known-updates')).toEqual([[watchedSince, 0]]);
    expect(store.take('adopted-others')).toEqual([[watchedSince, 0]]);
    expect(store.take('adopted-updates')).toHaveLength(1);
    expect(store.take('applied-hosts')).toEqual([]);
    expect(store.take('vendor-actions')).toEqual([[watchedSince - (24 * HOUR) / MINUTE, 0]]);
    // From the full hour before, and for clocks that are two minutes ahead.
    expect(store.take('crashes')).toEqual([[dayBefore - 2, 0]]);
    await loader.arrived(START, START + MINUTE);
    expect(store.take('vendor-actions')).toEqual([[0, 1]]);
    expect(store.take('crashes')).toEqual([[0, 1]]);
  });
});

it('counts of the hours before are asked for once, up to the hour from which each crash is read', async () => {
  const { store, loader, watch } = loading([{ channel: 'a', received: -120 }]);
  const history = await loader.history(START);
  const past = await loader.pastHours(START, history.updates);
  const weeks = (8 * 7 * 24 * HOUR + defaultPolicy.watchMs + 72 * HOUR) / MINUTE;
  expect(store.take('crash-hours')).toEqual([[-weeks - 0.5, 0]]);
  expect(past).toEqual({ until: (START + dayBefore * MINUTE) / HOUR, counts: [] });
  watch.remember(past);
});
