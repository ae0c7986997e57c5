import type { Update } from '../../read/answers';
import { read } from '../../read/read';

const PAGE = 200;

/** The newest updates of a list, and where older ones begin. */
export interface UpdateList {
  updates: Update[];
  next_cursor: string | null;
}

/** The first `pages` pages of the updates that the filters let through. */
export async function readUpdates(
  filters: Record<string, string | string[]>,
  pages: number,
  signal: AbortSignal,
): Promise<UpdateList> {
  const all: UpdateList = { updates: [], next_cursor: null };
  for (let page = 0; page < pages; page += 1) {
    const cursor = all.next_cursor ?? undefined;
    const { updates, next_cursor: next } = await read<UpdateList>(
      'updates',
      { ...filters, limit: PAGE, cursor },
      signal,
    );
    all.updates.push(...updates);
    all.next_cursor = next;
    if (next === null) break;
  }
  return all;
}

/** Each update of both lists once. */
export function together(some: readonly Update[], others: readonly Update[]): Update[] {
  const keyOf = (update: Update) => JSON.stringify([update.update_channel, update.update_version]);
  return [...new Map([...some, ...others].map((update) => [keyOf(update), update])).values()];
}
