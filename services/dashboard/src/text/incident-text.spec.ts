import type { Forecast } from '../read/incident-answers';
import { forecastSentence, lostPerMinute } from './incident-text';

const forecast: Forecast = {
  hosts_left: 1_200,
  pace_per_minute: 60,
  all_by: '2024-07-19T04:31:00.000Z',
  expected_crashed_hosts: 900,
  saved_by_halting: 600,
};

describe('the forecast', () => {
  it('says what comes, and what halting saves', () => {
    expect(forecastSentence(forecast)).toBe(
      'If not halted, 1,200 more hosts take it by 04:31 UTC, at 60 a minute: 900 crash in all. Halting now saves 600.',
    );
  });

  it('is silent where nothing more is to come', () => {
    expect(forecastSentence(null)).toBeUndefined();
    expect(forecastSentence({ ...forecast, pace_per_minute: 0 })).toBeUndefined();
  });

  it('tells what a minute costs', () => expect(lostPerMinute(forecast)).toBe(30));
});
