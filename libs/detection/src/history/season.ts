/** The hours of a week. The first hour since 1970 UTC was on a Thursday; where the week begins does not matter here. */
export const WEEK_HOURS = 168;
const DAY_HOURS = 24;

/** A cell of the season starts with the figure of the coarser one, worth so many crashed hosts. */
const PRIOR_HOSTS = 20;

/** Factors by hour of the week; 1 is the mean rate. */
export type Season = Float64Array;

export const noSeason: Season = new Float64Array(WEEK_HOURS).fill(1);

/**
 * How the rate moves over the week, from hosts per hour of the hours from `since` on. Each hour of the week is looked at
 * with its neighbours, and drawn to `prior` where there is little to see. So a history of less than a week has the hours of
 * its days, and one of a few hours is flat.
 */
export function seasonOf(series: ArrayLike<number>, since: number, prior: Season): Season {
  const byDay = factors(series, since, prior, DAY_HOURS);
  return factors(series, since, byDay, WEEK_HOURS);
}

export function factorAt(season: Season, hour: number): number {
  return season[hour % WEEK_HOURS]!;
}

/** What hours with the same place in `period` have beyond what `prior` says. */
function factors(series: ArrayLike<number>, since: number, prior: Season, period: number): Season {
  const [hosts, usual] = [new Float64Array(period), new Float64Array(period)];
  const level = meanOf(series, since, prior);
  for (let index = 0; index < series.length; index++) {
    const place = (since + index) % period;
    hosts[place]! += series[index]!;
    usual[place]! += level * factorAt(prior, since + index);
  }
  const ratios = hosts.map((_, place) => {
    const near = [place + period - 1, place, place + 1].map((each) => each % period);
    const [seen, wanted] = [hosts, usual].map((sums) => near.reduce((sum, each) => sum + sums[each]!, 0));
    return (seen! + PRIOR_HOSTS) / (wanted! + PRIOR_HOSTS);
  });
  return prior.map((factor, hour) => factor * ratios[hour % period]!);
}

/** Hosts per hour of factor 1. */
function meanOf(series: ArrayLike<number>, since: number, season: Season): number {
  let [hosts, hours] = [0, 0];
  for (let index = 0; index < series.length; index++) {
    hosts += series[index]!;
    hours += factorAt(season, since + index);
  }
  return hours === 0 ? 0 : hosts / hours;
}
