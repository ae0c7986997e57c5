import type { Update } from './answers';

/** A moment in the life of an update, drawn as a line across the picture. */
export interface Mark {
  letter: string;
  kind: 'shipped' | 'withdrawn';
  at: string;
  channel: string;
  version: string;
  suspect: boolean;
}

/** More lines than this would hide what they explain. */
const MAX_MARKS = 8;

/** The ship and withdraw moments in `[sinceMs, untilMs)`, suspects first where there are too many, in order of time. */
export function marksOf(updates: readonly Update[], sinceMs: number, untilMs: number): Mark[] {
  const all = updates.flatMap((update) =>
    (['shipped', 'withdrawn'] as const).flatMap((kind) => {
      const at = kind === 'shipped' ? update.shipped_at : update.withdrawn_at;
      if (at === null || Date.parse(at) < sinceMs || Date.parse(at) >= untilMs) return [];
      const suspect = update.open_incident_id !== null;
      return [{ letter: '', kind, at, channel: update.update_channel, version: update.update_version, suspect }];
    }),
  );
  return all
    .sort((a, b) => Number(b.suspect) - Number(a.suspect))
    .slice(0, MAX_MARKS)
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
    .map((mark, index) => ({ ...mark, letter: String.fromCharCode(65 + index) }));
}
