import type { ComponentChildren } from 'preact';
import { useSyncExternalStore } from 'preact/compat';

const moved = 'ringwatch-moved';

function listen(onChange: () => void): () => void {
  window.addEventListener('popstate', onChange);
  window.addEventListener(moved, onChange);
  return () => {
    window.removeEventListener('popstate', onChange);
    window.removeEventListener(moved, onChange);
  };
}

/** The address that is shown, without its host. */
export const useAddress = () => new URL(useSyncExternalStore(listen, () => window.location.href));

interface Props {
  to: string;
  current?: boolean;
  class?: string;
  children: ComponentChildren;
}

/** A link within the dashboard: no reload, but a real address. */
export function Link({ to, current, class: name, children }: Props) {
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    window.history.pushState(null, '', to);
    window.dispatchEvent(new Event(moved));
  };
  return (
    <a href={to} class={name} aria-current={current ? 'page' : undefined} onClick={follow}>
      {children}
    </a>
  );
}
