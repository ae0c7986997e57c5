import { clip, type Part, type Phrase } from './phrase';

/** How one part of a phrase reads in a target's markup, escaped. */
export type ShowPart = (part: Part) => string;

/** A phrase in a target's markup, in at most `max` UTF-16 units: what is too long is cut with its markup and escapes whole. */
export function show(phrase: Phrase, showPart: ShowPart, max: number): string {
  const whole = phrase.map(showPart).join('');
  if (whole.length <= max) return whole;
  let text = '';
  for (const part of phrase) {
    const left = max - 1 - text.length;
    const next = showPart(part);
    if (next.length <= left) text += next;
    else return `${text}${cutPart(part, showPart, left)}…`;
  }
  return text;
}

/** As much of a part as fits into `room`. An escape makes at most six characters of one. */
function cutPart(part: Part, showPart: ShowPart, room: number): string {
  const characters = [...(typeof part === 'string' ? part : part.name)];
  while (characters.length > 0) {
    const text = characters.join('');
    const shown = showPart(typeof part === 'string' ? text : { name: text });
    if (shown.length <= room) return shown;
    characters.length -= Math.max(1, Math.min(characters.length, Math.floor((shown.length - room) / 6)));
  }
  return '';
}

/**
 * A title without markup in at most `max` units. Its names are cut to what our own words leave of the room, so that how sure
 * and since when always stand at its end.
 */
export function showTitle(title: Phrase, max: number, showName: (name: string) => string = (name) => name): string {
  const names = title.filter((part) => typeof part !== 'string').length;
  const taken = title.reduce((sum, part) => sum + (typeof part === 'string' ? part.length : 0), 0);
  const room = Math.floor((max - taken) / Math.max(1, names));
  return clip(title.map((part) => (typeof part === 'string' ? part : clip(showName(part.name), room))).join(''), max);
}

/** The first layout that fits, from the roomiest to the tightest. @throws where not even the tightest does. */
export function firstThatFits<Room, Message>(
  rooms: readonly Room[],
  layOut: (room: Room) => Message,
  fits: (message: Message) => boolean,
): Message {
  for (const room of rooms) {
    const message = layOut(room);
    if (fits(message)) return message;
  }
  throw new Error('the message does not fit even in its tightest layout');
}

/** The bytes of a message as they are sent. */
export function bytesOf(message: unknown): number {
  return Buffer.byteLength(JSON.stringify(message), 'utf8');
}

/**
 * A name for places with markup and without a way to switch it off: each character that some target could take for markup,
 * a mention or a link stands as one that looks like it. Underscores within a word mean nothing anywhere and stay.
 */
export function lookAlike(name: string): string {
  return name
    .replace(/[<>*`[\]~|\\@]/g, (character) => lookAlikes[character]!)
    .replace(/(?<![\p{L}\p{N}_])_+|_+(?![\p{L}\p{N}_])/gu, (run) => '＿'.repeat(run.length))
    .replaceAll('://', '∶//')
    .replace(/\bwww\./gi, (run) => run.replace('.', '․'))
    .replaceAll('{{', '｛｛')
    .replace(/^[-+#]/, (character) => ({ '-': '‐', '+': '＋', '#': '＃' })[character]!)
    .replace(/^(\d+)([.)])(?=\s)/, (_, digits: string, mark: string) => `${digits}${mark === '.' ? '․' : '）'}`);
}

const lookAlikes: Record<string, string> = {
  '<': '‹',
  '>': '›',
  '*': '∗',
  '`': 'ˋ',
  '[': '［',
  ']': '］',
  '~': '∼',
  '|': '∣',
  '\\': '∖',
  '@': '＠',
};

/** Words for places that hand them on to who knows where: bare, with look-alikes in names. */
export function safe(phrase: Phrase): string {
  return phrase.map((part) => (typeof part === 'string' ? part : lookAlike(part.name))).join('');
}

/** A name in a code span, in which no chat reads markup or mentions. */
export function codeSpan(name: string): string {
  return `\`${name.replaceAll('`', 'ˋ')}\``;
}

/** Text for markups that know tags. */
export function escapeTags(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** An address within a link of Markdown, which a bracket would end too early. */
export function linkable(url: string): string {
  return url.replaceAll('(', '%28').replaceAll(')', '%29');
}
