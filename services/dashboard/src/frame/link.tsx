import type { ComponentChildren } from 'preact';
import { go } from './address';

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
    go(to);
  };
  return (
    <a href={to} class={name} aria-current={current ? 'page' : undefined} onClick={follow}>
      {children}
    </a>
  );
}
