import { useMemo } from 'preact/hooks';
import { Figure } from '../../charts/figure';
import { marksOf } from '../../charts/marks';
import { addressWith, useAddress } from '../../frame/address';
import { Link } from '../../frame/link';
import { useTitle } from '../../frame/title';
import { IncidentCard } from '../../parts/incident-card';
import { Failed, Loading, NothingYet, Stale } from '../../parts/states';
import { UpdatesTable } from '../../parts/updates-table';
import type { Update } from '../../read/answers';
import { useLive } from '../../read/use-live';
import { clock, count } from '../../text/format';
import { type CrashPicture, type WindowName, chartOfPicture, describePicture, windows } from './crash-series';
import { type Now, loadNow, loadPicture } from './load-now';
import { PastIncidents } from './past-incidents';
import { Strip } from './strip';

const USUAL: WindowName = '3h';

/** What is going on: incidents, the picture, and the updates under way. */
export function NowPage() {
  const asked = useAddress().searchParams.get('window');
  const name = asked !== null && asked in windows ? (asked as WindowName) : USUAL;
  const { answer, problem, retry } = useLive('now', loadNow);
  const drawn = useLive(`picture ${name}`, (signal) => loadPicture(name, signal));
  useTitle(answer?.incidents.length ? `${count(answer.incidents.length)} open` : 'Now');
  if (answer === undefined) return problem ? <Failed problem={problem} retry={retry} /> : <Loading />;
  const trouble = problem ?? drawn.problem;
  return (
    <>
      <h1 class="visually-hidden">Now</h1>
      {trouble && <Stale problem={trouble} retry={problem ? retry : drawn.retry} />}
      <Strip now={answer} drawn={drawn.answer} />
      <div class="now">
        <div class="stack">
          <Incidents now={answer} />
          {drawn.answer ? (
            <Picture now={answer} picture={drawn.answer.picture} name={name} />
          ) : (
            answer.status.newest_event_at !== null && <div class="bone card-bone" />
          )}
        </div>
        <div class="stack">
          <Updates now={answer} />
          <PastIncidents incidents={answer.past} />
        </div>
      </div>
    </>
  );
}

function Picture({ now, picture, name }: { now: Now; picture: CrashPicture; name: WindowName }) {
  const chart = useMemo(() => {
    const incidents = [...now.incidents, ...now.past];
    const sinceMs = picture.starts[0]! * 1_000;
    const untilMs = sinceMs + picture.starts.length * picture.bucketSeconds * 1_000;
    const isSuspect = ({ update_channel: channel, update_version: version }: Update) =>
      incidents.some(({ suspect }) => suspect.update_channel === channel && suspect.update_version === version);
    return chartOfPicture(picture, marksOf(now.updates, isSuspect, [sinceMs, untilMs]), incidents);
  }, [now, picture]);
  const start = picture.starts[0]! * 1_000;
  const end = (picture.starts.at(-1)! + picture.bucketSeconds) * 1_000;
  return (
    <Figure
      id="crashes"
      title="Crashes per minute"
      sentence={describePicture(picture)}
      chart={chart}
      controls={<WindowChoice chosen={name} />}
      note={`By driver and update version, ${new Date(start).toISOString().slice(0, 10)} ${clock(start)} to ${clock(end)} UTC. The band holds 95 of 100 minutes that are like those of the hour before; minutes of an incident do not count.`}
    />
  );
}

function WindowChoice({ chosen }: { chosen: WindowName }) {
  const address = useAddress();
  return (
    <nav class="segments" aria-label="Time window">
      {(Object.keys(windows) as WindowName[]).map((name) => (
        <Link key={name} to={addressWith(address, { window: name })} current={name === chosen}>
          {name}
        </Link>
      ))}
    </nav>
  );
}

function Incidents({ now: { incidents, status } }: { now: Now }) {
  return (
    <section aria-labelledby="incidents-title" aria-live="polite">
      <h2 id="incidents-title" class="visually-hidden">
        Open incidents
      </h2>
      {incidents.length > 0 ? (
        <div class="incidents">
          {incidents.map((incident) => (
            <IncidentCard key={incident.incident_id} incident={incident} />
          ))}
        </div>
      ) : status.newest_event_at === null ? (
        <NothingYet />
      ) : (
        <p class="card calm">
          <strong>No open incident.</strong> Watching {count(status.updates)} updates on {count(status.hosts)} hosts,
          last heard of at {clock(status.newest_event_at, true)} UTC.
        </p>
      )}
    </section>
  );
}

function Updates({ now }: { now: Now }) {
  return (
    <section class="card" aria-labelledby="updates-title">
      <header class="card-head">
        <div class="card-title">
          <h2 id="updates-title">Updates under way</h2>
          <p class="quiet">
            newest first; of 1,000 hosts that applied it, how many crashed within 14 days for any reason
          </p>
        </div>
        <Link to="/updates" class="button">
          All updates
        </Link>
      </header>
      {now.updates.length === 0 ? (
        <p class="quiet">No update was announced or applied yet.</p>
      ) : (
        <UpdatesTable updates={now.updates} />
      )}
    </section>
  );
}
