/** How hosts of one ring come one after another: from a host's place among them, 0 to 1, to its part of the time, 0 to 1. */
export type Shape = 'linear' | 'logistic' | 'bursty' | 'at once';

const WAVES = 8;

export function partOfTime(shape: Shape, place: number): number {
  switch (shape) {
    case 'linear':
      return place;
    case 'logistic': // slow at both ends: the logit, cut at 2 % and 98 %
      return 0.5 + Math.log((0.02 + 0.96 * place) / (0.98 - 0.96 * place)) / (2 * Math.log(49));
    case 'bursty': {
      // waves: hosts look for updates at the same minute of their schedule
      const wave = Math.min(WAVES - 1, Math.floor(place * WAVES));
      return (wave + (place * WAVES - wave) ** 3) / WAVES;
    }
    case 'at once':
      return 0;
  }
}
