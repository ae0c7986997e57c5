import { useTitle } from '../../frame/title';
import { Badge } from '../../parts/badges';
import { Fact } from '../../parts/fact';
import { Failed, Loading, Stale } from '../../parts/states';
import { Time } from '../../parts/time';
import { useLive } from '../../read/use-live';
import { count, duration } from '../../text/format';
import { DeadLetters } from './dead-letters';
import { type Health, loadHealth } from './load-health';

/** Is the watcher itself awake? How far arrival time is decided, and what was refused. */
export function HealthPage() {
  const { answer, problem, retry } = useLive('health', loadHealth);
  useTitle('Health');
  if (answer === undefined) return problem ? <Failed problem={problem} retry={retry} /> : <Loading />;
  return (
    <>
      {problem && <Stale problem={problem} retry={retry} />}
      <Pipeline health={answer} />
      <DeadLetters kinds={answer.kinds} letters={answer.letters} />
    </>
  );
}

function Pipeline({ health }: { health: Health }) {
  const { status, judgedAt, lastDelivery, isReady } = health;
  const { newest_event_at: newest, closed_until: closed } = status;
  return (
    <section class="card" aria-labelledby="health-title">
      <h1 id="health-title">Health</h1>
      <dl class="facts bare">
        <Fact
          name="Store"
          value={<Badge kind={isReady ? 'go' : 'halt'}>{isReady ? 'answers' : 'does not answer'}</Badge>}
        >
          {count(status.hosts)} hosts, {count(status.crashes)} crashes, {count(status.updates)} updates
        </Fact>
        <Fact name="Newest event (UTC)" value={newest === null ? 'none yet' : <Time at={newest} seconds />}>
          {newest !== null && newest.slice(0, 10)}
        </Fact>
        <Fact name="Ingest: stored up to (UTC)" value={closed === null ? 'nothing yet' : <Time at={closed} seconds />}>
          {closed !== null && newest !== null && behind(closed, newest)}
        </Fact>
        <Fact
          name="Detector: last look (UTC)"
          value={judgedAt === undefined ? 'none yet' : <Time at={judgedAt} seconds />}
        >
          {judgedAt !== undefined && closed !== null && `it notes every ten minutes; ${duration(judgedAt, closed)} ago`}
        </Fact>
        <Fact
          name="Notifier: last attempt (UTC)"
          value={lastDelivery ? <Time at={lastDelivery.started_at} seconds /> : 'none yet'}
        >
          {lastDelivery && `${lastDelivery.receiver}: ${lastDelivery.outcome}`}
        </Fact>
      </dl>
    </section>
  );
}

/** A closed arrival time that lies behind the events says that ingest has work left. */
function behind(closed: string, newest: string): string {
  const late = Date.parse(newest) - Date.parse(closed);
  return late <= 2_000 ? 'up to date with the newest event' : `${duration(closed, newest)} behind the newest event`;
}
