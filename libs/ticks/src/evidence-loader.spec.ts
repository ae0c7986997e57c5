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
    const rows = name === 'evidence/known-updates' ? this.known(query_params as { since: number; until: number }) : [];
    return Promise.resolve({ json: () => Promise.resolve(rows) });
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

describe('what is read from the store', () => {
  it('is no crash while nothing is under watch', async () => {
    const { store, advance } = loading([]);
    await advance(0, 10);
    expect(store.take('crashes')).toEqual([]);
    expect(store.take('host-applies')).toEqual([]);
  });

  it('is crashes from an hour before an update started, once, and then what arrives', async () => {
    const { store, advance } = loading([{ channel: 'a', received: 15, occurred: 5 }]);
    await advance(0, 10);
    await advance(10, 20);
    expect(store.take('crashes')).toEqual([
      [-55, 10],
      [10, 20],
    ]);
    await advance(20, 30);
    expect(store.take('crashes')).toEqual([[20, 30]]);
    expect(store.take('host-applies')).toEqual([
      [-55, 20],
      [20, 30],
    ]);
  });

  it('goes back further only for an update that started earlier, and only as far as is not read yet', async () => {
    const { store, advance } = loading([
      { channel: 'a', received: 5 },
      { channel: 'b', received: 15, occurred: -30 },
      { channel: 'c', received: 25, occurred: 8 },
    ]);
    await advance(0, 10);
    expect(store.take('crashes')).toEqual([
      [-55, 0],
      [0, 10],
    ]);
    await advance(10, 20);
    expect(store.take('crashes')).toEqual([
      [-90, -55],
      [10, 20],
    ]);
    await advance(20, 30);
    expect(store.take('crashes')).toEqual([[20, 30]]);
    // Of the channels that were known, and of the one that is news: its hosts may have crashed before.
    expect(store.take('host-channels')).toEqual([
      [-90, 20],
      [-90, 20],
      [-90, 30],
      [-55, 10],
      [20, 30],
    ]);
  });

  it('is read again after it was forgotten', async () => {
    const { store, watch, advance } = loading([
      { channel: 'a', received: 5 },
      { channel: 'b', received: 25, occurred: 12 },
    ]);
    await advance(0, 10);
    watch.expire(START + 8 * MINUTE);
    watch.forget();
    store.take('crashes');
    await advance(10, 20);
    expect(store.take('crashes')).toEqual([]);
    await advance(20, 30);
    expect(store.take('crashes')).toEqual([
      [-48, 20],
      [20, 30],
    ]);
  });

  it('is read again as far as it was forgotten, when another update is still under watch', async () => {
    const { store, watch, advance } = loading([
      { channel: 'a', received: 5 },
      { channel: 'b', received: 100 },
      { channel: 'c', received: 115, occurred: 60 },
    ]);
    await advance(0, 110);
    watch.expire(START + 8 * MINUTE);
    watch.forget();
    store.take('crashes');
    await advance(110, 120);
    expect(store.take('crashes')).toEqual([
      [0, 40],
      [110, 120],
    ]);
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
    expect(store.take('applied-hosts')).toEqual([[watchedSince, 0]]);
    expect(store.take('vendor-actions')).toEqual([[watchedSince - (24 * HOUR) / MINUTE, 0]]);
    expect(store.take('crashes')).toEqual([
      [-180, 0],
      [0, 0],
    ]);
    await loader.arrived(START, START + MINUTE);
    expect(store.take('vendor-actions')).toEqual([[0, 1]]);
    expect(store.take('crashes')).toEqual([[0, 1]]);
  });
});
