import { useEffect, useRef } from 'preact/hooks';
import type { Status, UpdateDetail, Verdict } from './answers';
import { VerdictBadge } from './badges';
import { adoptionColour, chartStyle, suspectColour, useWidth } from './chart-style';
import { clock, count, dateTime, duration, measure, words } from './format';
import { Link } from './link';
import { read } from './read';
import { Failed, Loading, Stale } from './states';
import { useTheme } from './theme';
import { drawUpdateChart } from './update-chart';
import { Adoption } from './updates-table';
import { usePolled } from './use-polled';

interface Props {
  channel: string;
  version: string;
  onRead: (upTo: string | null) => void;
}

/** One update: its verdict, and how it spread against how its hosts fared. */
export function UpdatePage({ channel, version, onRead }: Props) {
  const path = `updates/${encodeURIComponent(channel)}/${encodeURIComponent(version)}`;
  const { answer, problem, retry } = usePolled(path, async (signal) => {
    const [update, { explanation }, status] = await Promise.all([
      read<UpdateDetail>(path, {}, signal),
      read<Verdict>(`${path}/verdict`, {}, signal),
      read<Status>('status', {}, signal),
    ]);
    onRead(status.closed_until ?? status.newest_event_at);
    return { update, explanation };
  });
  if (answer === undefined) return problem ? <Failed problem={problem} retry={retry} /> : <Loading />;
  return (
    <>
      <p>
        <Link to="/">Back to now</Link>
      </p>
      {problem && <Stale problem={problem} retry={retry} />}
      <Head update={answer.update} explanation={answer.explanation} />
      <Curve update={answer.update} />
      <Actions update={answer.update} />
    </>
  );
}

function Head({ update, explanation }: { update: UpdateDetail; explanation: string }) {
  return (
    <section class="card incident-body" aria-labelledby="update-title">
      <div class="incident-head">
        <VerdictBadge verdict={update.verdict} />
        <span class="quiet break">
          {update.update_channel}
          {update.driver !== null && ` · ${update.driver}`}
        </span>
      </div>
      <h1 id="update-title" class="break">
        {update.update_version}
      </h1>
      <p>
        <strong>{words(update.verdict_reason)}:</strong> {explanation}.{' '}
        {update.open_incident_id !== null && (
          <Link to={`/incidents/${encodeURIComponent(update.open_incident_id)}`}>See the incident</Link>
        )}
      </p>
      <dl class="facts">
        <div>
          <dt>Adoption</dt>
          <dd>
            <Adoption update={update} />
          </dd>
        </div>
        <div>
          <dt>Crashed after applying</dt>
          <dd class="value tabular">{count(update.crashed_hosts)}</dd>
          <dd class="quiet tabular">{measure(update.crashed_per_1000 ?? 0)} per 1,000 hosts, for any reason</dd>
        </div>
        <div>
          <dt>Crashes that name it</dt>
          <dd class="value tabular">{count(update.crashed_hosts_naming_it)} hosts</dd>
          <dd class="quiet tabular">{measure(update.naming_it_per_1000 ?? 0)} per 1,000 hosts</dd>
        </div>
        <div>
          <dt>Shipped (UTC)</dt>
          <dd class="value tabular">{update.shipped_at === null ? 'not announced' : clock(update.shipped_at, true)}</dd>
          <dd class="quiet tabular">
            {update.withdrawn_at !== null &&
              update.shipped_at !== null &&
              `withdrawn ${clock(update.withdrawn_at)}, after ${duration(update.shipped_at, update.withdrawn_at)}`}
          </dd>
        </div>
      </dl>
    </section>
  );
}

function Curve({ update }: { update: UpdateDetail }) {
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const { shown } = useTheme();
  const { curve, bucket_seconds: bucketSeconds } = update;

  useEffect(() => {
    if (width === 0 || curve.length === 0) return undefined;
    const height = width < 520 ? 220 : 300;
    const chart = drawUpdateChart(place.current!, {
      curve,
      bucketSeconds,
      style: chartStyle(place.current!),
      width,
      height,
    });
    return () => chart.destroy();
  }, [curve, width, shown]);

  const crashes = curve.reduce((total, point) => total + point.crashes, 0);
  const last = curve.at(-1);
  const label = last
    ? `From ${dateTime(curve[0]!.bucket_start)} to ${dateTime(last.bucket_start)} UTC ${count(last.applied_hosts)} hosts applied the update, with ${count(crashes)} crashes after it.`
    : 'No host has applied the update.';
  return (
    <section class="card" aria-labelledby="curve-title">
      <header class="card-head">
        <div>
          <h2 id="curve-title">Adoption against crashes</h2>
          <p class="quiet">{label}</p>
        </div>
      </header>
      <div ref={place} class="chart" role="img" aria-label={label} />
      <ul class="keys">
        <Key colour={adoptionColour}>hosts that had applied it (left)</Key>
        <Key colour={suspectColour}>
          crashes of such hosts in {duration('1970-01-01', new Date(bucketSeconds * 1_000).toISOString())} (right)
        </Key>
      </ul>
      <details>
        <summary>Show as table</summary>
        <CurveTable update={update} />
      </details>
    </section>
  );
}

function Key({ colour, children }: { colour: string; children: preact.ComponentChildren }) {
  return (
    <li>
      <svg class="swatch" viewBox="0 0 12 12" aria-hidden="true">
        <rect width="12" height="12" rx="3" fill={colour} />
      </svg>{' '}
      {children}
    </li>
  );
}

function CurveTable({ update }: { update: UpdateDetail }) {
  return (
    <div class="scroll tall" tabIndex={0} role="region" aria-label="Adoption and crashes as a table">
      <table>
        <thead>
          <tr>
            <th scope="col">From (UTC)</th>
            {['Hosts that had applied it', 'Crashes', 'Crashed hosts'].map((name) => (
              <th key={name} scope="col" class="number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {update.curve.map((point) => (
            <tr key={point.bucket_start}>
              <th scope="row">{dateTime(point.bucket_start)}</th>
              <td class="number">{count(point.applied_hosts)}</td>
              <td class="number">{count(point.crashes)}</td>
              <td class="number">{count(point.crashed_hosts)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Actions({ update: { actions } }: { update: UpdateDetail }) {
  return (
    <section class="card" aria-labelledby="actions-title">
      <h2 id="actions-title">What its vendor did</h2>
      {actions.length === 0 ? (
        <p class="quiet">Nobody announced it: it is known from the hosts that applied it.</p>
      ) : (
        <ol class="timeline spaced">
          {actions.map((action) => (
            <li key={action.at + action.action}>
              <time class="tabular quiet" dateTime={action.at}>
                {dateTime(action.at)} UTC
              </time>
              <strong>{action.action}</strong>{' '}
              <span class="quiet">
                {action.ring !== null && `to ring ${action.ring}`}
                {action.target_fraction !== null && ` for ${measure(action.target_fraction * 100)} % of hosts`}
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
