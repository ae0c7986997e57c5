import { OwnHours } from './own-hours';

const DAY = 24;

describe('OwnHours', () => {
  it('knows each hour of today and of the eight days before, and no other', () => {
    const hours = new OwnHours();
    const last = 20_000 * DAY + 5;
    for (let hour = last - 30 * DAY; hour <= last; hour += 3) hours.add(hour);
    const told = (hour: number) => hours.any(hour, hour);
    for (let back = 0; back <= 8 * DAY + 5; back++) expect([back, told(last - back)]).toEqual([back, back % 3 === 0]);
    expect(hours.any(last - 30 * DAY, last - 8 * DAY - 6)).toBe(false);
    expect(hours.any(last + 1, last + 100)).toBe(false);
  });

  it('forgets what lies behind a pause of weeks', () => {
    const hours = new OwnHours();
    hours.add(100 * DAY);
    hours.add(200 * DAY + 1);
    expect(hours.any(192 * DAY, 200 * DAY)).toBe(false);
    expect(hours.any(200 * DAY + 1, 200 * DAY + 1)).toBe(true);
  });

  it('leaves alone what comes from before its time', () => {
    const hours = new OwnHours();
    hours.add(200 * DAY);
    hours.add(191 * DAY);
    expect(hours.kept()).toEqual({ newestDay: 200, words: [1, 0, 0, 0, 0, 0, 0, 0, 0] });
  });

  it('is the same after it was kept', () => {
    const hours = new OwnHours();
    for (const hour of [4_800, 4_823, 4_900, 4_999]) hours.add(hour);
    const { newestDay, words } = hours.kept();
    expect(OwnHours.restore(newestDay, words).kept()).toEqual({ newestDay, words });
    expect(OwnHours.restore(newestDay, words).any(4_823, 4_823)).toBe(true);
  });
});
