import type { Incident } from '../../read/incident-answers';
import { chartOfPicture, describePicture, nowAgainstBefore, toPicture, windowEndingAt } from './crash-series';

const window = windowEndingAt('2024-07-19T05:44:59.500Z', '1h');
const at = (minute: number) => new Date(window.sinceMs + minute * 60_000).toISOString();
const row = (minute: number, driver: string, version: string, crashes: number) => ({
  bucket_start: at(minute),
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
  });
});

describe('toPicture', () => {
  const rest = (minute: number, crashes: number) => ({
    bucket_start: at(minute),
    crashes,
    hosts: 1,
    other: true as const,
  });
  const rows = [
    rest(10, 3),
    row(10, 'ntfs.sys', '', 5),
    row(10, 'csagent.sys', '32', 20),
    row(11, 'csagent.sys', '32', 10),
    row(-1, 'csagent.sys', '32', 99), // before the window
  ];
  const picture = toPicture(window, rows);

  it('adds up: each series, and the rest at the end', () => {
    expect(picture.series.map(({ label, crashes }) => [label, crashes])).toEqual([
      ['csagent.sys · 32', 30],
      ['ntfs.sys', 5],
      ['other', 3],
    ]);
    expect(picture.series.map(({ counts }) => counts[10])).toEqual([20, 5, 3]);
    expect(picture.totals[10]).toBe(28);
    expect(picture.starts).toHaveLength(60);
  });

  it('says in a sentence what it shows', () => {
    expect(describePicture(picture)).toBe(
      'Crashes per minute peak at 28 at 04:55 UTC; most of them, 79 %, are csagent.sys · 32.',
    );
    expect(describePicture(toPicture(window, []))).toBe('No crash in this window.');
  });

  it('compares the last minutes with those before', () => {
    const busy = toPicture(window, [rest(57, 50), rest(3, 55)]);
    expect(nowAgainstBefore(busy)).toEqual({ now: 10, before: 1 });
  });

  it('expects of a minute in an incident what the minutes before it were like', () => {
    const usual = Array.from({ length: 30 }, (_, minute) => row(minute, 'ntfs.sys', '', 3));
    const spike = Array.from({ length: 30 }, (_, minute) => row(30 + minute, 'csagent.sys', '32', 300));
    const incident = { first_crash_at: at(30), opened_at: at(31), resolved_at: null, suspect: { update_version: '' } };
    const busy = toPicture(window, [...usual, ...spike]);
    const band = (incidents: Incident[]) => chartOfPicture(busy, [], incidents).series.at(-1)!.high!.at(-1);
    expect(band([incident as Incident])).toBe(7);
    expect(band([])).toBeGreaterThan(100);
  });
});
