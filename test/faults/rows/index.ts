import type { Row } from '../act';
import { diskRows } from './disk';
import { groupRows } from './group';
import { inputRows } from './inputs';
import { killRows } from './kills';
import { linkRows } from './links';
import { serverRows } from './servers';

/** Every row of the fault matrix that is about ingest. */
export const rows: readonly Row[] = [...killRows, ...serverRows, ...groupRows, ...linkRows, ...inputRows, ...diskRows];

/** @throws Error when there is no such row */
export function rowNamed(name: string): Row {
  const row = rows.find((each) => each.name === name);
  if (!row) throw new Error(`no row ${name}; there are ${rows.map((each) => each.name).join(', ')}`);
  return row;
}
