const KEY = 'ringwatch-name';

/** The name under which somebody acted last in this browser. */
export function readName(): string {
  try {
    return localStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}

export function rememberName(name: string): void {
  try {
    localStorage.setItem(KEY, name.trim());
  } catch {
    // Storage is switched off: it is asked for again.
  }
}
