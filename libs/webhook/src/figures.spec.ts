import fc from 'fast-check';
import { count, minuteOf, percent, quantity, secondOf, timeBetween } from './figures';

it.each([
  [0, '0'],
  [999, '999'],
  [1_000, '1,000'],
  [8_500_000, '8,500,000'],
])('count(%d) is %s', (value, text) => expect(count(value)).toBe(text));

it.each([
  [0, '0'],
  [0.00004, '4.0e-5'],
  [0.03124, '0.0312'],
  [3.08, '3.08'],
  [99.96, '100'],
  [683.1, '683'],
  [12_345.6, '12,346'],
])('quantity(%d) is %s', (value, text) => expect(quantity(value)).toBe(text));

it.each([
  [0, 'under 1 %'],
  [0.004, 'under 1 %'],
  [0.5, '50 %'],
  [0.9899, '99 %'],
  [0.9949, '99.4 %'],
  [0.9990001, 'over 99.9 %'],
  [1, 'over 99.9 %'],
])('percent(%d) is %s', (share, text) => expect(percent(share)).toBe(text));

it('never says that something is certain', () =>
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (share) =>
      expect(percent(share)).not.toMatch(/^(0|100) %/),
    ),
  ));

it.each([
  ['2024-07-19T04:09:00Z', '2024-07-19T04:09:00.900Z', '0 s'],
  ['2024-07-19T04:09:00Z', '2024-07-19T04:10:12Z', '1 min 12 s'],
  ['2024-07-19T04:09:00Z', '2024-07-19T06:09:30Z', '2 h'],
  ['2024-07-19T04:09:00Z', '2024-07-22T08:30:00Z', '3 d 4 h'],
  ['2024-07-19T04:09:00Z', '2024-07-19T04:00:00Z', '0 s'],
])('from %s to %s are %s', (from, to, text) => expect(timeBetween(from, to)).toBe(text));

it('shows instants in UTC whatever their zone', () => {
  expect(minuteOf('2024-07-19T06:10:12.480+02:00')).toBe('2024-07-19 04:10 UTC');
  expect(secondOf('2024-07-19T06:10:12.480+02:00')).toBe('2024-07-19 04:10:12 UTC');
});
