import fc from 'fast-check';
import { formatInstant, parseInstant } from './instant';

describe('parseInstant', () => {
  it.each([
    ['2024-07-19T04:09:00Z', '2024-07-19T04:09:00.000Z'],
    ['2024-07-19t04:09:00z', '2024-07-19T04:09:00.000Z'],
    ['2024-07-19T04:09:00-00:00', '2024-07-19T04:09:00.000Z'],
    ['2024-07-19T04:09:00+00:00', '2024-07-19T04:09:00.000Z'],
    ['2024-07-19T09:39:00+05:30', '2024-07-19T04:09:00.000Z'],
    ['2024-07-18T20:09:00-08:00', '2024-07-19T04:09:00.000Z'],
    ['2024-07-20T04:08:00+23:59', '2024-07-19T04:09:00.000Z'],
    ['2024-07-19T04:09:00.1Z', '2024-07-19T04:09:00.100Z'],
    ['2024-07-19T04:09:00.9999999999Z', '2024-07-19T04:09:00.999Z'],
    ['1969-12-31T23:59:59.0009Z', '1969-12-31T23:59:59.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2000-02-29T00:00:00Z', '2000-02-29T00:00:00.000Z'],
    ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00.000Z'],
    ['0099-12-31T00:00:00Z', '0099-12-31T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['2016-12-31T23:59:60.75Z', '2017-01-01T00:00:00.750Z'],
    ['2017-01-01T05:29:60+05:30', '2017-01-01T00:00:00.000Z'],
    ['2015-06-30T16:59:60-07:00', '2015-07-01T00:00:00.000Z'],
  ])('reads %s', (text, instant) => expect(formatInstant(parseInstant(text)!)).toBe(instant));

  it.each([
    ['no zone', '2024-07-19T04:09:00'],
    ['no time', '2024-07-19'],
    ['a space for the T', '2024-07-19 04:09:00Z'],
    ['no seconds', '2024-07-19T04:09Z'],
    ['no digits after the point', '2024-07-19T04:09:00.Z'],
    ['a comma', '2024-07-19T04:09:00,5Z'],
    ['24:00', '2024-07-19T24:00:00Z'],
    ['minute 60', '2024-07-19T04:60:00Z'],
    ['second 61', '2016-12-31T23:59:61Z'],
    ['a leap second in the middle of a day', '2024-07-19T04:09:60Z'],
    ['a leap second in the middle of a month', '2024-07-19T23:59:60Z'],
    ['a leap second at local midnight only', '2016-12-31T23:59:60+01:00'],
    ['30 February', '2024-02-30T00:00:00Z'],
    ['29 February in a common year', '2023-02-29T00:00:00Z'],
    ['29 February 1900', '1900-02-29T00:00:00Z'],
    ['31 April', '2024-04-31T00:00:00Z'],
    ['day 0', '2024-04-00T00:00:00Z'],
    ['month 0', '2024-00-10T00:00:00Z'],
    ['month 13', '2024-13-10T00:00:00Z'],
    ['an offset of 24 hours', '2024-07-19T04:09:00+24:00'],
    ['an offset of 60 minutes', '2024-07-19T04:09:00+01:60'],
    ['an offset without colon', '2024-07-19T04:09:00+0100'],
    ['an offset of hours only', '2024-07-19T04:09:00+01'],
    ['a year of five digits', '12024-07-19T04:09:00Z'],
    ['a signed year', '+002024-07-19T04:09:00Z'],
    ['a week date', '2024-W29-5T04:09:00Z'],
    ['a newline after it', '2024-07-19T04:09:00Z\n'],
    ['a space before it', ' 2024-07-19T04:09:00Z'],
    ['Arabic digits', '٢٠٢٤-07-19T04:09:00Z'],
    ['seconds since 1970', '1721362140'],
    ['nothing', ''],
  ])('refuses %s', (_, text) => expect(parseInstant(text)).toBeUndefined());

  it('reads back what it writes, at any offset and with any digits behind the millisecond', () => {
    const instants = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9998-12-31T00:00:00Z'),
      noInvalidDate: true,
    });
    const offsets = fc.integer({ min: -(23 * 60 + 59), max: 23 * 60 + 59 });
    const more = fc.stringMatching(/^[0-9]{0,12}$/);
    fc.assert(
      fc.property(instants, offsets, more, (date, minutes, digits) => {
        const two = (number: number) => String(number).padStart(2, '0');
        const local = formatInstant(date.getTime() + minutes * 60_000).slice(0, -1);
        const size = Math.abs(minutes);
        const zone = `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
        expect(parseInstant(`${local}${digits}${zone}`)).toBe(date.getTime());
      }),
    );
  });
});
