import { RateTable } from '../../parts/rate-table';
import type { AggregateRow, Update } from '../../read/answers';
import { useLive } from '../../read/use-live';
import { ShareTable } from '../../parts/share-table';
import { Stale } from '../../parts/states';
import { loadSpread } from './load-update';

/** Where the hosts are whose crashes name the update, against how many have it there. */
export function UpdateSpreadView({ update }: { update: Update }) {
  const { update_channel: channel, update_version: version } = update;
  const { answer, problem, retry } = useLive(`spread ${channel} ${version}`, (signal) => loadSpread(update, signal));
  if (answer === undefined) return problem ? <Stale problem={problem} retry={retry} /> : <div class="bone card-bone" />;
  const { countries, orgs, builds, drivers, signatures } = answer;
  if (countries.length === 0)
    return <p class="card quiet">No crash names this update: what its hosts have in common cannot be told by it.</p>;
  const shares = (rows: AggregateRow[], nameOf: (row: AggregateRow) => string) =>
    rows.map((row) => ({ value: nameOf(row), hosts: row.hosts }));
  const named = 'hosts with a crash that names it';
  return (
    <section aria-label="Where crashes name it" class="spread">
      <RateTable title="Countries" rows={countries} nameOf={({ country }) => country!} />
      <RateTable title="Organisations" rows={orgs} nameOf={({ org_id: org }) => org!} />
      <RateTable title="OS builds" rows={builds} nameOf={({ os_build: build }) => build!} />
      <ShareTable
        title="Driver versions"
        shares={shares(drivers, (row) => `${row.driver} ${row.driver_version}`)}
        total={drivers.length}
        what={named}
      />
      <ShareTable
        title="Failure signatures"
        shares={signatures.map(({ signature, hosts }) => ({ value: signature, hosts }))}
        total={signatures.length}
        what={named}
      />
    </section>
  );
}
