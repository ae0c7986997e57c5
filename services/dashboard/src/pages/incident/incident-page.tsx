import { addressWith, useAddress } from '../../frame/address';
import { Link } from '../../frame/link';
import { useTitle } from '../../frame/title';
import { IncidentCard } from '../../parts/incident-card';
import { Failed, Loading, Stale } from '../../parts/states';
import type { IncidentDetail } from '../../read/incident-answers';
import { read } from '../../read/read';
import { useLive } from '../../read/use-live';
import { nameOf } from '../../text/incident-text';
import { Actions } from './actions';
import { EvidenceFigure } from './evidence-figure';
import { EvidenceTable } from './evidence-table';
import { Hosts } from './hosts';
import { IncidentDeliveries } from './incident-deliveries';
import { Reasons } from './reasons';
import { Rivals } from './rivals';
import { Spread } from './spread';
import { Timeline } from './timeline';

const tabs = { overview: 'Overview', hosts: 'Hosts', deliveries: 'Deliveries' } as const;
type Tab = keyof typeof tabs;

/** One incident: its numbers, what happened to it, where it strikes and which hosts are down. */
export function IncidentPage({ id }: { id: string }) {
  const path = `incidents/${encodeURIComponent(id)}`;
  const asked = useAddress().searchParams.get('tab') ?? '';
  const tab = asked in tabs ? (asked as Tab) : 'overview';
  const { answer, problem, retry } = useLive(path, (signal) => read<IncidentDetail>(path, {}, signal));
  useTitle(answer && `Incident on ${nameOf(answer.incident.suspect)}`);
  if (answer === undefined) return problem ? <Failed problem={problem} retry={retry} /> : <Loading />;
  return (
    <>
      {problem && <Stale problem={problem} retry={retry} />}
      <IncidentCard incident={answer.incident} alone />
      <Actions incident={answer.incident} path={path} onSent={() => readSoon(retry)} />
      <Tabs chosen={tab} />
      {tab === 'overview' && <Overview detail={answer} />}
      {tab === 'hosts' && <Hosts path={path} />}
      {tab === 'deliveries' && <IncidentDeliveries id={id} />}
    </>
  );
}

/** What was sent shows within a few ticks: it is looked for more often than usual. */
function readSoon(retry: () => void): void {
  for (const ms of [800, 2_000, 3_500]) setTimeout(retry, ms);
}

function Tabs({ chosen }: { chosen: Tab }) {
  const address = useAddress();
  return (
    <nav class="tabs" aria-label="Parts of the incident">
      {(Object.keys(tabs) as Tab[]).map((name) => (
        <Link key={name} to={addressWith(address, { tab: name === 'overview' ? '' : name })} current={name === chosen}>
          {tabs[name]}
        </Link>
      ))}
    </nav>
  );
}

function Overview({ detail: { incident, changes, stop_code_names: names } }: { detail: IncidentDetail }) {
  return (
    <>
      <EvidenceFigure changes={changes} />
      <div class="columns">
        <Timeline changes={changes} />
        <Reasons incident={incident} />
      </div>
      <Spread evidence={incident.evidence} names={names} />
      <div class="columns">
        <EvidenceTable evidence={incident.evidence} incidentId={incident.incident_id} />
        <Rivals incident={incident} />
      </div>
    </>
  );
}
