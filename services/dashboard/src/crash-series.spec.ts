import { describePicture, nowAgainstBefore, toPicture, windowEndingAt } from './crash-series';

const window = windowEndingAt('2024-07-19T05:44:59.500Z', '1h');
const row = (minute: number, driver: string, version: string, crashes: number) => ({
  bucket_start: new Date(window.sinceMs + minute * 60_000).toISOString(),
  driver,
  update_channel: version && 'content',
  update_version: version,
  crashes,
  hosts: crashes,
});

describe('windowEndingAt', () => {
  it('ends with the bucket of the newest event, so that it is whole', () => {
    expect(new Date(window.untilMs).toISOString()).toBe('2024-07-19T05:45:00.000Z');
    expect(new Date(window.sinceMs).toISOString()).toBe('2024-07-19T04:45:00.000Z');
    expect(windowEndingAt('2024-07-19T05:45:00.000Z', '6h').untilMs - window.untilMs).toBe(60_000);
  });
});

describe('toPicture', () => {
  const top = [row(0, 'csagent.sys', '32', 30), row(0, 'ntfs.sys', '', 5)];
  const perBucket = [
    row(10, 'csagent.sys', '32', 20),
    row(11, 'csagent.sys', '32', 10),
    row(10, 'ntfs.sys', '', 5),
    row(10, 'csagent.sys', '31', 99), // matched by the filters, but not one of the top
  ];
  const totals = [row(10, '', '', 28), row(11, '', '', 10)];
  const picture = toPicture(window, top, perBucket, totals);

  it('adds up: each series and what they leave of the total', () => {
    expect(picture.series.map(({ label, crashes }) => [label, crashes])).toEqual([
      ['csagent.sys · 32', 30],
      ['ntfs.sys', 5],
      ['other', 3],
    ]);
    expect(picture.series.map(({ values }) => values[10])).toEqual([20, 5, 3]);
    expect(picture.totals[10]).toBe(28);
    expect(picture.starts).toHaveLength(60);
  });

  it('speaks of crashes per minute, whatever the bucket', () => {
    const wide = windowEndingAt('2024-07-19T05:44:59Z', '24h');
    const at = { ...totals[0]!, bucket_start: new Date(wide.sinceMs).toISOString() };
    expect(toPicture(wide, [], [], [at]).totals[0]).toBe(2.8);
  });

  it('says in a sentence what it shows', () => {
    expect(describePicture(picture)).toBe(
      'Crashes per minute peak at 28 at 04:55 UTC; most of them, 79 %, are csagent.sys · 32.',
    );
    expect(describePicture(toPicture(window, [], [], []))).toBe('No crash in this window.');
  });

  it('compares the last minutes with those before', () => {
    const busy = toPicture(window, [], [], [row(57, '', '', 50), row(3, '', '', 55)]);
    expect(nowAgainstBefore(busy)).toEqual({ now: 10, before: 1 });
  });
});
