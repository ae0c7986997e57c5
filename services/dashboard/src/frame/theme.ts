import { useSyncExternalStore } from 'preact/compat';

type Theme = 'light' | 'dark';
const KEY = 'ringwatch-theme';
const system = matchMedia('(prefers-color-scheme: dark)');
const changes = new EventTarget();

const shownTheme = (): Theme =>
  (document.documentElement.dataset.theme as Theme | undefined) ?? (system.matches ? 'dark' : 'light');

function choose(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Storage is switched off: the choice holds for this visit.
  }
  changes.dispatchEvent(new Event('change'));
}

function listen(onChange: () => void): () => void {
  system.addEventListener('change', onChange);
  changes.addEventListener('change', onChange);
  return () => {
    system.removeEventListener('change', onChange);
    changes.removeEventListener('change', onChange);
  };
}

/** The theme that is shown: the one chosen here before, or else the system's. */
export function useTheme() {
  const shown = useSyncExternalStore(listen, shownTheme);
  return { shown, toggle: () => choose(shown === 'dark' ? 'light' : 'dark') };
}
