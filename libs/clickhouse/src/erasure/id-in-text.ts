/** What stands in a text where an erased id was. */
export const ERASED = '(erased)';

/** A regular expression, in the syntax that RE2 and JavaScript share, for an id as a word of its own. */
export function wordPattern(id: string): string {
  const escaped = id.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return `(^|[^A-Za-z0-9_.:-])${escaped}($|[^A-Za-z0-9_.:-])`;
}

/** Does a text name an id, as a word of its own? */
export function namesId(text: string, id: string): boolean {
  return text.includes(id) && new RegExp(wordPattern(id)).test(text);
}

/** The text with every mention of the id as a word of its own replaced. */
export function withoutWord(text: string, id: string): string {
  if (!text.includes(id)) return text;
  const word = new RegExp(wordPattern(id), 'g');
  // Two mentions may share the character between them, and one pass takes it for the first.
  const once = text.replace(word, `$1${ERASED}$2`);
  return once.replace(word, `$1${ERASED}$2`);
}
