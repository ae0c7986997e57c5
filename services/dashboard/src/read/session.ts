import { useSyncExternalStore } from 'preact/compat';

/** Who somebody is here, as the api says it. `open`: whoever is at this machine needs no key. */
export interface Session {
  access: 'open' | 'keys';
  name: string | null;
  scopes: string[];
  orgs: string[];
}

/** Undefined until the api has said; `out`: it wants a key first. */
export type Standing = Session | 'out' | undefined;

const changes = new EventTarget();
let standing: Standing;

export function become(next: Standing): void {
  standing = next;
  changes.dispatchEvent(new Event('change'));
}

export const useSession = () =>
  useSyncExternalStore(
    (onChange) => {
      changes.addEventListener('change', onChange);
      return () => changes.removeEventListener('change', onChange);
    },
    () => standing,
  );

/** Whether somebody may act on incidents, and not only look. */
export const mayAct = (session: Standing) =>
  typeof session === 'object' && session.scopes.some((scope) => scope === 'triage' || scope === 'admin');
