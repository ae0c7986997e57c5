import { useLayoutEffect } from 'preact/hooks';
import { useSyncExternalStore } from 'preact/compat';
import { go } from './address';

const KEY = 'ringwatch-shortcuts';
const changes = new EventTarget();
let isOn = readChoice();

/** Keys without a modifier, as the help shows them. They can be switched off, since speech input may type them by chance. */
export const shortcuts = [
  { keys: '/', does: 'go to the search field' },
  { keys: 'j k', does: 'next and previous row or incident; Enter opens it' },
  { keys: 'a', does: 'acknowledge the incident' },
  { keys: 'g then n, u, d, e', does: 'go to Now, Updates, Drivers, Explore' },
  { keys: '?', does: 'this help' },
] as const;

/** What `j` and `k` step through. */
const STOPS = 'main tbody th[scope=row] a[href], main article a.open';

export function useShortcuts(showHelp: () => void): void {
  // At once, not after the first frame: a key pressed as soon as the page stands must do something.
  useLayoutEffect(() => {
    let afterG = false;
    const press = (event: KeyboardEvent) => {
      if (!isOn || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const { key } = event;
      const wasG = afterG;
      afterG = key === 'g';
      if (wasG && key in placesByKey) go(placesByKey[key as keyof typeof placesByKey]);
      else if (key === '?') showHelp();
      else if (key === '/') focusOn(event, document.querySelector<HTMLElement>('main input[type=search]'));
      else if (key === 'j' || key === 'k') focusOn(event, stopBeside(key === 'j' ? 1 : -1));
      else if (key === 'a') document.querySelector<HTMLElement>('main [data-shortcut=a]')?.click();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}

const placesByKey = { n: '/', u: '/updates', d: '/drivers', e: '/explore' } as const;

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, select, textarea, dialog, [contenteditable]') !== null;
}

function focusOn(event: KeyboardEvent, element: HTMLElement | null | undefined): void {
  if (!element) return;
  event.preventDefault();
  element.focus();
  element.scrollIntoView({ block: 'nearest' });
}

function stopBeside(step: 1 | -1): HTMLElement | undefined {
  const stops = [...document.querySelectorAll<HTMLElement>(STOPS)];
  const at = stops.indexOf(document.activeElement as HTMLElement);
  if (at === -1) return step === 1 ? stops[0] : stops.at(-1);
  return stops[Math.min(stops.length - 1, Math.max(0, at + step))];
}

function readChoice(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off';
  } catch {
    return true;
  }
}

/** Whether the keys do anything, and a switch for it that is remembered. */
export function useShortcutSwitch(): { isOn: boolean; toggle: () => void } {
  const shown = useSyncExternalStore(
    (onChange) => {
      changes.addEventListener('change', onChange);
      return () => changes.removeEventListener('change', onChange);
    },
    () => isOn,
  );
  const toggle = () => {
    isOn = !isOn;
    try {
      localStorage.setItem(KEY, isOn ? 'on' : 'off');
    } catch {
      // Storage is switched off: the choice holds for this visit.
    }
    changes.dispatchEvent(new Event('change'));
  };
  return { isOn: shown, toggle };
}
