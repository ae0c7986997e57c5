import { clock, count, duration, measure, percent, ratio } from './format';

describe('figures as text', () => {
  it.each([
    [count(1_110), '1,110'],
    [measure(4.44), '4.4'],
    [measure(725.6), '726'],
    [measure(0.02), '< 0.1'],
    [measure(0), '0'],
    [percent(0.667), '66.7 %'],
    [percent(0), '0 %'],
    [percent(0.0004), '< 0.1 %'],
    [percent(0.9999), '> 99.9 %'],
    [percent(1), '100 %'],
    [clock('2024-07-19T04:09:30.000Z'), '04:09'],
    [clock('2024-07-19T06:09:30.000+02:00', true), '04:09:30'],
    [duration('2024-07-19T04:10:12Z', '2024-07-19T04:11:20Z'), '68 s'],
    [duration('2024-07-19T04:09:00Z', '2024-07-19T05:27:00Z'), '78 min'],
    [ratio({ estimate: 115.6, low: 38.5, high: 346.9 }), '116 × (38.5 to 347)'],
    [ratio({ estimate: 5, low: 2, high: null }), '5 × (2 to no upper bound)'],
  ])('%s', (got, wanted) => expect(got).toBe(wanted));
});
