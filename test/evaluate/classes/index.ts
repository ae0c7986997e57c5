import type { ScenarioClass } from '../suite/class';
import { blame } from './blame';
import { delivery } from './delivery';
import { instant } from './instant';
import { life } from './life';
import { limits } from './limits';
import { poison } from './poison';
import { quiet } from './quiet';
import { ramps } from './ramps';

/** The classes of section 7.1, in its order, and after them what its goals ask for besides. */
export const classes: readonly ScenarioClass[] = [
  ...[...instant, ...ramps, ...blame, ...quiet, ...delivery, ...poison, ...life].sort((a, b) => order(a) - order(b)),
  ...limits,
];

function order({ number }: ScenarioClass): number {
  return Number.parseInt(number, 10) || 100;
}
