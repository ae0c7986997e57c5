/** A piece of a sentence: our own words, or a name that came from outside and is shown as it is, never as markup. */
export type Part = string | { name: string };

/** One line of a message, in no target's markup yet. */
export type Phrase = readonly Part[];

/** The longest name that is shown whole, in characters: a channel may have 160 and a version 64 more. */
const MAX_NAME = 240;

/**
 * Builds a line. What is put into it is a name from outside unless it is a phrase itself, so that nothing gets markup by
 * accident: `say`SEV1: hosts crash under ${driver}`` cannot mention everyone, whatever the driver is called.
 */
export function say(words: TemplateStringsArray, ...inserts: ReadonlyArray<Phrase | string>): Phrase {
  return words.flatMap((word, i) => {
    const insert = inserts[i];
    if (insert === undefined) return word === '' ? [] : [word];
    const parts = typeof insert === 'string' ? [{ name: cleanName(insert) }] : insert;
    return word === '' ? [...parts] : [word, ...parts];
  });
}

/** Our own words, for places where `say` takes a phrase. */
export function ours(words: string): Phrase {
  return [words];
}

/** Joins phrases by our own words. */
export function joined(phrases: readonly Phrase[], separator: string): Phrase {
  return phrases.flatMap((phrase, i) => (i === 0 ? phrase : [separator, ...phrase]));
}

/** The same line with our own words in one piece each. */
export function merged(phrase: Phrase): Phrase {
  return phrase.reduce<Part[]>((parts, part) => {
    const last = parts.at(-1);
    if (typeof part !== 'string' || typeof last !== 'string') return [...parts, part];
    return [...parts.slice(0, -1), last + part];
  }, []);
}

/** The bare words of a phrase. */
export function plain(phrase: Phrase): string {
  return phrase.map((part) => (typeof part === 'string' ? part : part.name)).join('');
}

/** Cuts text to at most `max` UTF-16 units, between characters, with an ellipsis where something was cut. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const cut = text.slice(0, Math.max(0, max - 1));
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/**
 * A name without what could change how its surroundings read: control and invisible characters (direction overrides,
 * zero-width), line breaks and halves of surrogate pairs become a replacement mark.
 */
function cleanName(name: string): string {
  if (name.trim() === '') return '(none)';
  return clip(name.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\uFFFD'), MAX_NAME);
}
