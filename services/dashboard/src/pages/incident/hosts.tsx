import { useState } from 'preact/hooks';
import { choose, useAddress } from '../../frame/address';
import { HostBadge } from '../../parts/badges';
import { SearchForm } from '../../parts/search-form';
import { Failed, Loading, Stale } from '../../parts/states';
import { Time } from '../../parts/time';
import { type HostState, type IncidentHost, type IncidentHosts, hostStates } from '../../read/incident-answers';
import { read } from '../../read/read';
import { useLive } from '../../read/use-live';
import { count, percent } from '../../text/format';

const PAGE = 100;

/** Who is down, for the people who must go there, and how many are back. */
export function Hosts({ path }: { path: string }) {
  const { searchParams } = useAddress();
  const filters = {
    state: searchParams.getAll('state').filter((state) => hostStates.includes(state as HostState)),
    org_id: searchParams.getAll('org_id'),
    country: searchParams.getAll('country'),
  };
  const [shown, setShown] = useState(PAGE);
  const query = new URLSearchParams(
    Object.entries(filters).flatMap(([name, values]) => values.map((each) => [name, each])),
  );
  const { answer, problem, retry } = useLive(`${path}/hosts?${query} ${shown}`, (signal) =>
    read<IncidentHosts>(`${path}/hosts`, { ...filters, limit: shown }, signal),
  );
  if (answer === undefined) return problem ? <Failed problem={problem} retry={retry} /> : <Loading />;
  query.set('format', 'csv');
  query.set('limit', '10000');
  return (
    <section class="card" aria-labelledby="hosts-title">
      <header class="card-head">
        <div class="card-title">
          <h2 id="hosts-title">Who is down</h2>
          <p class="quiet">
            hosts that applied the suspect and then crashed or fell silent
            {answer.as_of && (
              <>
                , as of <Time at={answer.as_of} seconds /> UTC
              </>
            )}
          </p>
        </div>
        <a class="button" href={`/api/v1/${path}/hosts?${query}`} download>
          Download as CSV
        </a>
      </header>
      {problem && <Stale problem={problem} retry={retry} />}
      {answer.counts && <Progress counts={answer.counts} />}
      {answer.returns_from === 'detector' && (
        <p class="quiet note">
          There are too many heartbeats to look at: of the hosts that were silent and are back, only those in the
          detector's sample are told.
        </p>
      )}
      <Filters chosen={filters} />
      <HostTable hosts={answer.hosts} />
      {answer.next_cursor !== null && (
        <button type="button" class="button" onClick={() => setShown(Math.min(10_000, shown * 4))}>
          Show more
        </button>
      )}
    </section>
  );
}

/** How many are in which state: the way back is read from it. */
function Progress({ counts }: { counts: Record<HostState, number> }) {
  const total = counts.crashing + counts.silent + counts.back;
  const sentence =
    total === 0
      ? 'No host went down.'
      : `${percent(counts.back / total)} of ${count(total)} hosts are back: ${count(counts.crashing)} crash, ${count(counts.silent)} are silent.`;
  let from = 0;
  return (
    <div class="progress">
      <p id="progress-sentence" class="sentence">
        {sentence}
      </p>
      <svg
        class="bar thick"
        viewBox="0 0 100 6"
        preserveAspectRatio="none"
        role="img"
        aria-labelledby="progress-sentence"
      >
        <rect class="bar-all" width="100" height="6" />
        {hostStates.map((state) => {
          const width = total === 0 ? 0 : (counts[state] / total) * 100;
          const part = <rect key={state} class={`bar-${state}`} x={from} width={width} height="6" />;
          from += width;
          return part;
        })}
      </svg>
    </div>
  );
}

function Filters({ chosen }: { chosen: { state: string[]; org_id: string[]; country: string[] } }) {
  return (
    <div class="filters">
      <fieldset class="checks">
        <legend>State</legend>
        {hostStates.map((state) => (
          <label key={state} class="check">
            <input
              type="checkbox"
              checked={chosen.state.includes(state)}
              onChange={() =>
                choose({ state: hostStates.filter((each) => chosen.state.includes(each) !== (each === state)) })
              }
            />{' '}
            {state}
          </label>
        ))}
      </fieldset>
      <SearchForm name="org_id" label="Organisation" value={chosen.org_id[0] ?? ''} />
      <SearchForm name="country" label="Country" value={chosen.country[0] ?? ''} />
    </div>
  );
}

const columns = ['State', 'Organisation', 'Country', 'OS build', 'Applied', 'Last crash', 'Last seen'];

function HostTable({ hosts }: { hosts: IncidentHost[] }) {
  if (hosts.length === 0) return <p class="quiet">No host is like this.</p>;
  return (
    <div class="scroll tall" tabIndex={0} role="region" aria-label="Table of hosts">
      <table>
        <thead>
          <tr>
            {['Host', ...columns].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            <th scope="col" class="number">
              Crashes
            </th>
          </tr>
        </thead>
        <tbody>
          {hosts.map((host) => (
            <tr key={host.host_id}>
              <th scope="row" class="break">
                {host.host_id}
              </th>
              <td>
                <HostBadge state={host.state} />
              </td>
              <td class="break">{host.org_id}</td>
              <td>{host.country}</td>
              <td class="tabular">{host.os_build}</td>
              <td>
                <Time at={host.applied_at} seconds />
              </td>
              <td>{host.last_crash_at === null ? 'none told' : <Time at={host.last_crash_at} seconds />}</td>
              <td>
                <Time at={host.last_seen_at} seconds />
              </td>
              <td class="number">{count(host.crashes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
