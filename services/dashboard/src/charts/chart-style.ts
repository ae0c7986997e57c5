import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** The colours and the type of the page as they are now, light or dark. */
export interface ChartStyle {
  text: string;
  grid: string;
  mark: string;
  font: string;
  /** How much larger than usual the page is written; on very wide screens more than 1. */
  scale: number;
}

export function chartStyle(element: HTMLElement): ChartStyle {
  const computed = getComputedStyle(element);
  const token = (name: string) => computed.getPropertyValue(name).trim();
  const scale = rootScale();
  const font = `500 ${12 * scale * window.devicePixelRatio}px ${computed.fontFamily}`;
  return { text: token('--quiet'), grid: token('--line'), mark: token('--mark'), font, scale };
}

const rootScale = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;

/** How high a chart of this width is drawn. */
export const heightFor = (width: number, usual = 300) => (width < 520 ? usual * 0.72 : usual) * rootScale();

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
