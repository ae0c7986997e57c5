import { LineCounter, isNode, parseDocument } from 'yaml';

/** A text as data, with the line of each part of it. */
export interface PlacedDocument {
  content: unknown;
  /** Where a part stands, such as `line 7, routes[1].receivers`; a part that is not there is placed where it should be. */
  placeOf(path: readonly PropertyKey[]): string;
}

/** Reads YAML, and with it JSON. What is wrong is said with its line; values are not shown, for they may be secrets. */
export function readPlaced(text: string): PlacedDocument | { problems: string[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  if (document.errors.length > 0) {
    return {
      problems: document.errors.map(({ pos, code }) => {
        const { line, col } = lines.linePos(pos[0]);
        return `line ${line}, column ${col}: wanted YAML or JSON, got what is neither (${code.toLowerCase().replaceAll('_', ' ')})`;
      }),
    };
  }
  const lineOf = (path: readonly PropertyKey[]): number => {
    const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    return path.length === 0 ? 1 : lineOf(path.slice(0, -1));
  };
  return {
    content: document.toJS({ maxAliasCount: 100 }),
    placeOf: (path) => `line ${lineOf(path)}, ${pathText(path)}`,
  };
}

/** `routes[1].receivers[0]`; the whole is `the file`. */
export function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return text === '' ? 'the file' : text.replace(/^\./, '');
}
