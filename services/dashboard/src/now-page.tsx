import { useMemo } from 'preact/hooks';
import { CrashPictureView } from './crash-picture';
import { type WindowName, windows } from './crash-series';
import { count } from './format';
import { IncidentCard } from './incident-card';
import { useAddress } from './link';
import { type Now, loadNow } from './load-now';
import { marksOf } from './marks';
import { Failed, Loading, NothingYet, Stale } from './states';
import { Strip } from './strip';
import { UpdatesTable } from './updates-table';
import { usePolled } from './use-polled';

const USUAL: WindowName = '3h';

/** What is going on: incidents, the picture, and the updates under way. */
export function NowPage({ onRead }: { onRead: (upTo: string | null) => void }) {
  const asked = useAddress().searchParams.get('window');
  const name = asked !== null && asked in windows ? (asked as WindowName) : USUAL;
  const { answer, problem, retry } = usePolled(`now ${name}`, async (signal) => {
    const now = await loadNow(name, signal);
    onRead(now.status.closed_until ?? now.status.newest_event_at);
    return now;
  });
  if (answer === undefined) return problem ? <Failed problem={problem} retry={retry} /> : <Loading />;
  return (
    <>
      <h1 class="visually-hidden">Now</h1>
      {problem && <Stale problem={problem} retry={retry} />}
      <Strip now={answer} />
      <Incidents now={answer} />
      {answer.picture && <Picture now={answer} name={name} />}
      <UpdatesTable updates={answer.updates} />
    </>
  );
}

function Picture({ now, name }: { now: Now; name: WindowName }) {
  const picture = now.picture!;
  const marks = useMemo(() => {
    const sinceMs = picture.starts[0]! * 1_000;
    return marksOf(now.updates, sinceMs, sinceMs + picture.starts.length * picture.bucketSeconds * 1_000);
  }, [now]);
  return <CrashPictureView picture={picture} marks={marks} window={name} />;
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
          <strong>No open incident.</strong> Watching {count(status.updates)} updates on {count(status.hosts)} hosts.
        </p>
      )}
    </section>
  );
}
