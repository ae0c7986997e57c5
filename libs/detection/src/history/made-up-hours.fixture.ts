/** The rate over the week: nights at half, weekends at 40 %. */
export function weekly(hour: number): number {
  const day = Math.floor(hour / 24) % 7;
  return (day >= 5 ? 0.4 : 1) * (1 + 0.5 * Math.sin((2 * Math.PI * (hour % 24)) / 24));
}

/** A count with this mean and `phi` times its variance: hosts crash together, `phi` of them on average (geometric). */
export function clustered(mean: number, phi: number, random: () => number): number {
  // Clusters of a geometric size with mean s have variance over mean 2 s - 1.
  const size = (phi + 1) / 2;
  let hosts = 0;
  for (let cluster = poisson(mean / size, random); cluster > 0; cluster--) {
    hosts += 1 + (size > 1 ? Math.floor(Math.log(1 - random()) / Math.log(1 - 1 / size)) : 0);
  }
  return hosts;
}

export function hoursOf(hours: number, meanOf: (hour: number) => number, random: () => number, phi = 1): Float64Array {
  return Float64Array.from({ length: hours }, (_, hour) => clustered(meanOf(hour), phi, random));
}

/** By summing exponential waits; the normal law where that would take long. */
export function poisson(mean: number, random: () => number): number {
  if (mean > 500) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal));
  }
  let count = -1;
  for (let time = 0; time < mean; count++) time -= Math.log(1 - random());
  return Math.max(0, count);
}
