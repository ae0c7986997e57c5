import { useEffect } from 'preact/hooks';

/** What the browser's tab and its history call the page. */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title === undefined ? 'Ringwatch' : `${title} · Ringwatch`;
  }, [title]);
}
