import { Dispersion, dispersionOf } from './dispersion';
import { type Season, factorAt, noSeason, seasonOf } from './season';

/** A host that crashed longer ago counts half as much after so many hours: fleets grow, drivers get better or worse. */
const HALF_LIFE_HOURS = 2 * 168;
/** An hour counts for at most so many standard deviations above what was expected: yesterday's incident is no base rate. */
const MOST_DEVIATIONS = 2.58;

/** Hosts per hour of the hours from `since` (hours since 1970 UTC) on: what happened before. */
export interface History {
  since: number;
  series: ArrayLike<number>;
}

/**
 * What is expected of a bucket. The rate per hour of season factor 1 is known as from `hosts` crashed hosts in `hours` such
 * hours, newer ones counting more: a posterior Gamma(hosts + 1/2, hours).
 */
export interface Forecast {
  hosts: number;
  hours: number;
  season: Season;
  dispersion: Dispersion;
}

/**
 * Learns from history: a weekly season, the level of the last weeks, and how far hours and days depart from both.
 * `usual` is the season of all crashes, which a rare bucket is taken to share.
 */
export function forecast(history: History, usual: Season = noSeason): Forecast {
  const first = fit(history, history.series, usual);
  const typical = dispersionOf(history.series, expectedSeries(first, history));
  const calm = withoutSpikes(history.series, expectedSeries(first, history), typical.byHour);
  const { hosts, hours, season } = fit(history, calm, usual);
  const dispersion = dispersionOf(history.series, expectedSeries({ hosts, hours, season }, history));
  return { hosts, hours, season, dispersion };
}

type Fit = Omit<Forecast, 'dispersion'>;

function fit({ since }: History, series: ArrayLike<number>, usual: Season): Fit {
  const season = seasonOf(series, since, usual);
  let [hosts, hours] = [0, 0];
  for (let index = 0; index < series.length; index++) {
    const weight = 0.5 ** ((series.length - index) / HALF_LIFE_HOURS);
    hosts += weight * series[index]!;
    hours += weight * factorAt(season, since + index);
  }
  return { hosts, hours, season };
}

function expectedSeries({ hosts, hours, season }: Fit, { since, series }: History): Float64Array {
  const level = hours === 0 ? 0 : hosts / hours;
  return Float64Array.from({ length: series.length }, (_, index) => level * factorAt(season, since + index));
}

/** One host more is always allowed, or rare crashes would all be spikes. */
function withoutSpikes(series: ArrayLike<number>, expected: Float64Array, dispersion: number): Float64Array {
  return expected.map((mu, index) => Math.min(series[index]!, mu + MOST_DEVIATIONS * Math.sqrt(dispersion * mu) + 1));
}

const HOUR_MS = 60 * 60 * 1000;

/** Hours of season factor 1 in a span of event time (ms). */
export function hoursIn(season: Season, from: number, until: number): number {
  let hours = 0;
  for (let hour = Math.floor(from / HOUR_MS); hour * HOUR_MS < until; hour++) {
    const overlap = Math.min(until, (hour + 1) * HOUR_MS) - Math.max(from, hour * HOUR_MS);
    hours += (overlap / HOUR_MS) * factorAt(season, hour);
  }
  return hours;
}
