import type { UpdateDetail } from '../../read/answers';
import type { UpdateView } from './load-update';
import { describeRate, rateChart } from './rate-chart';

const start = Date.parse('2024-07-19T04:09:00Z');
const at = (minute: number) => new Date(start + minute * 60_000).toISOString();
const point = (minute: number, applied: number, crashed: number) => ({
  bucket_start: at(minute),
  applied_hosts: applied,
  crashes: crashed * 3,
  crashed_hosts: crashed,
});
const update = {
  update_channel: 'content',
  update_version: '32',
  shipped_at: at(0),
  applied_hosts: 400,
  eligible_hosts: 1_000,
  bucket_seconds: 60,
  actions: [{ at: at(0), action: 'shipped', ring: null, target_fraction: 1 }],
  curve: [point(0, 200, 0), point(1, 400, 30), point(2, 400, 40)],
} as UpdateDetail;
const crashed = [0, 1, 2].map((minute) => ({ bucket_start: at(minute), crashes: 0, hosts: [6, 36, 46][minute]! }));
const view = {
  update,
  previous: undefined,
  fleet: { hosts: 10_000, crashed },
  changes: [],
  neighbours: [],
} as unknown as UpdateView;

describe('rateChart', () => {
  const chart = rateChart(view);
  const [rate, band, adoption] = chart.series;

  it('begins before the moment of shipping, and marks it', () => {
    expect(new Date(chart.starts[0]! * 1_000).toISOString()).toBe(at(-3));
    expect(chart.marks).toMatchObject([{ kind: 'shipped', letter: 'A' }]);
  });

  it('divides crashed hosts by the host-hours during which they had it', () => {
    // 30 of 300 hosts on average in one minute; then 40 of 400.
    expect(rate!.values.slice(-2)).toEqual([6_000, 6_000]);
    expect(rate!.values.slice(0, 3)).toEqual([null, null, null]);
  });

  it('expects what the other hosts show', () => {
    // 6 of about 9,700 others a minute: of 400 hosts 0.25 crash, in 95 of 100 minutes 0 to 1 or 2.
    expect(band!.values.at(-1)).toBe(0);
    expect(band!.high!.at(-1)).toBeLessThanOrEqual(300);
  });

  it('draws adoption in percent of the hosts that run the channel', () => expect(adoption!.values.at(-1)).toBe(40));

  it('draws who fell silent where hosts beat, and leaves it out where none does', () => {
    expect(chart.series).toHaveLength(3);
    const curve = update.curve.map((each, at) => ({
      ...each,
      sampled_hosts: 200,
      silent_per_1000: [null, 0, 125][at],
    }));
    const quiet = { ...view, update: { ...update, curve } };
    const line = rateChart(quiet).series.at(-1)!;
    expect([line.label, line.summary]).toEqual(['fell silent after it (right)', '12.5 %']);
    expect(line.values.slice(-3)).toEqual([null, 0, 12.5]);
    expect(line.write!(12.5)).toBe('12.5 %');
    expect(describeRate(quiet)).toMatch(/ 12\.5 % of them fell silent\.$/);
  });

  it('says it in a sentence', () =>
    expect(describeRate(view)).toBe(
      'From 2024-07-19 04:09:00 UTC 400 of 1,000 hosts applied it; most crashed at 04:11 UTC, 40 of 400 that had it.',
    ));
});
