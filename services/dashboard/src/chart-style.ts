import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** Vermilion: crashes, and the suspect among them (Okabe and Ito, safe for colour-blind eyes). */
export const suspectColour = '#d55e00';
/** Blue: adoption. */
export const adoptionColour = '#0072b2';

/** The colours and the type of the page as they are now, light or dark. */
export interface ChartStyle {
  text: string;
  grid: string;
  mark: string;
  font: string;
}

export function chartStyle(element: HTMLElement): ChartStyle {
  const computed = getComputedStyle(element);
  const token = (name: string) => computed.getPropertyValue(name).trim();
  const font = `500 ${12 * window.devicePixelRatio}px ${computed.fontFamily}`;
  return { text: token('--quiet'), grid: token('--line'), mark: token('--mark'), font };
}

/** How wide the element is; 0 before it was measured. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)));
    observer.observe(element.current!);
    return () => observer.disconnect();
  }, []);
  return width;
}
