import type { RangeName } from '../../parts/time-range';
import { readRange } from '../../read/read-range';
import type { SignatureSummary } from '../../read/answers';
import type { DriverDetail } from '../../read/operation-answers';
import { read } from '../../read/read';

export interface DriverView {
  driver: DriverDetail;
  signatures: SignatureSummary[];
}

/** Wide enough that the curve of the whole range can be read. */
const buckets: Record<RangeName, string> = { '1h': '1m', '6h': '5m', '24h': '15m', '7d': '1h', '30d': '6h', all: '1d' };

export async function loadDriver(name: string, rangeName: RangeName, signal: AbortSignal): Promise<DriverView> {
  const range = await readRange(rangeName, signal);
  const [driver, { signatures }] = await Promise.all([
    read<DriverDetail>(`drivers/${encodeURIComponent(name)}`, { ...range, bucket: buckets[rangeName] }, signal),
    read<{ signatures: SignatureSummary[] }>('signatures', { ...range, driver: name, limit: 20 }, signal),
  ]);
  return { driver, signatures };
}
