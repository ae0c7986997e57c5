import { restartDelays } from './restart-delays';

it('waits longer after each crash, up to 15 s, and starts anew after a stable minute', () => {
  const delay = restartDelays();
  expect([1, 1, 1, 1, 1, 1, 1].map(delay)).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
  expect([60_000, 1].map(delay)).toEqual([500, 1000]);
});
