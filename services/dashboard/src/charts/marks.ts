import type { Update, UpdateAction } from '../read/answers';

/** A moment in the life of an update or of its incident, drawn as a line across the picture. */
export interface Mark {
  letter: string;
  kind: UpdateAction['action'] | 'opened' | 'mitigated';
  at: string;
  channel: string;
  version: string;
  suspect: boolean;
}

/** More lines than this would hide what they explain. */
const MAX_MARKS = 8;

/** The ship and withdraw moments in `[sinceMs, untilMs)`, suspects first where there are too many, in order of time. */
export function marksOf(
  updates: readonly Update[],
  isSuspect: (update: Update) => boolean,
  [sinceMs, untilMs]: readonly [number, number],
): Mark[] {
  const all = updates.flatMap((update) =>
    (['shipped', 'withdrawn'] as const).flatMap((kind) => {
      const at = kind === 'shipped' ? update.shipped_at : update.withdrawn_at;
      if (at === null || Date.parse(at) < sinceMs || Date.parse(at) >= untilMs) return [];
      const suspect = isSuspect(update);
      return [{ kind, at, channel: update.update_channel, version: update.update_version, suspect }];
    }),
  );
  return lettered(all);
}

/** What the vendor did with one update, as far as it lies in `[sinceMs, untilMs)`. */
export function marksOfActions(
  { update_channel: channel, update_version: version }: Pick<Update, 'update_channel' | 'update_version'>,
  actions: readonly UpdateAction[],
  [sinceMs, untilMs]: readonly [number, number],
): Mark[] {
  const inside = actions.filter(({ at }) => Date.parse(at) >= sinceMs && Date.parse(at) < untilMs);
  return lettered(inside.map(({ at, action: kind }) => ({ kind, at, channel, version, suspect: true })));
}

/** Letters in order of time; suspects first where there are too many. */
export function lettered(marks: Array<Omit<Mark, 'letter'>>): Mark[] {
  return [...marks]
    .sort((a, b) => Number(b.suspect) - Number(a.suspect))
    .slice(0, MAX_MARKS)
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
    .map((mark, index) => ({ ...mark, letter: String.fromCharCode(65 + index) }));
}
