import { useEffect, useRef } from 'preact/hooks';
import { useTheme } from '../frame/theme';
import { chartStyle, heightFor, useWidth } from './chart-style';
import { drawTimeChart } from './draw-time-chart';
import type { TimeChart } from './time-chart';

interface Props {
  chart: TimeChart;
  /** The id of the sentence that says what is drawn. */
  labelledBy: string;
  height?: number;
  onPoint: (bucket: number | undefined) => void;
}

export function ChartCanvas({ chart, labelledBy, height, onPoint }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const { shown } = useTheme();

  useEffect(() => {
    if (width === 0 || chart.starts.length === 0) return undefined;
    const style = chartStyle(place.current!);
    const drawn = drawTimeChart(place.current!, chart, { style, width, height: heightFor(width, height), onPoint });
    performance.mark('chart drawn');
    return () => drawn.destroy();
  }, [chart, width, shown]);

  return <div ref={place} class="chart" role="img" aria-labelledby={labelledBy} />;
}
