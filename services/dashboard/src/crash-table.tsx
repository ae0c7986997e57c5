import type { CrashPicture } from './crash-series';
import { clock, measure } from './format';

/** The picture as numbers, newest first; buckets without a crash are left out. */
export function CrashTable({ picture }: { picture: CrashPicture }) {
  const rows = picture.totals.map((total, index) => ({ total, index })).filter(({ total }) => total > 0);
  return (
    <div class="scroll tall" tabIndex={0} role="region" aria-label="Crashes per minute as a table">
      <table>
        <thead>
          <tr>
            <th scope="col">From (UTC)</th>
            <th scope="col" class="number">
              All
            </th>
            {picture.series.map(({ label }) => (
              <th key={label} scope="col" class="number">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.reverse().map(({ total, index }) => (
            <tr key={index}>
              <th scope="row">{clock(picture.starts[index]! * 1_000)}</th>
              <td class="number strong">{measure(total)}</td>
              {picture.series.map(({ label, values }) => (
                <td key={label} class="number">
                  {measure(values[index]!)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
