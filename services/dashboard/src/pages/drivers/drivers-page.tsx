import { choose, pathOf, useAddress } from '../../frame/address';
import { Link } from '../../frame/link';
import { useTitle } from '../../frame/title';
import { SearchForm } from '../../parts/search-form';
import { Select } from '../../parts/select';
import { Failed, Loading, Stale } from '../../parts/states';
import { Time } from '../../parts/time';
import { type RangeName, rangeNamed, ranges } from '../../parts/time-range';
import { readRange } from '../../read/read-range';
import type { DriverSummary } from '../../read/operation-answers';
import { read } from '../../read/read';
import { useLive } from '../../read/use-live';
import { count } from '../../text/format';

interface Answer {
  drivers: DriverSummary[];
  hosts_are: 'exact' | 'approximate';
  truncated: boolean;
}

/** The drivers that crashes blame, those of most hosts first. */
export function DriversPage() {
  const { searchParams } = useAddress();
  const range = rangeNamed(searchParams.get('range'), '24h');
  const wanted = (searchParams.get('q') ?? '').toLowerCase();
  const { answer, problem, retry } = useLive(`drivers ${range}`, (signal) => loadDrivers(range, signal));
  useTitle('Drivers');
  if (answer === undefined) return problem ? <Failed problem={problem} retry={retry} /> : <Loading />;
  const shown = answer.drivers.filter(({ driver }) => driver.includes(wanted));
  return (
    <section class="card" aria-labelledby="drivers-title">
      <h1 id="drivers-title">Drivers that crashes blame</h1>
      <p class="quiet" role="status">
        {count(shown.length)} of {count(answer.drivers.length)}
        {answer.truncated && ' most blamed'} drivers, most hosts first
        {answer.hosts_are === 'approximate' && '; hosts are estimated, to 0.3 %'}
      </p>
      {problem && <Stale problem={problem} retry={retry} />}
      <div class="filters spaced">
        <SearchForm name="q" label="Search" value={wanted} />
        <Select label="Time" value={range} options={ranges} onChoose={(chosen) => choose({ range: chosen })} />
      </div>
      {shown.length === 0 ? (
        <p class="quiet">No crash in this time blames such a driver.</p>
      ) : (
        <Table drivers={shown} />
      )}
    </section>
  );
}

async function loadDrivers(range: RangeName, signal: AbortSignal): Promise<Answer> {
  return read<Answer>('drivers', { ...(await readRange(range, signal)), limit: 1_000 }, signal);
}

const numbers = ['Hosts', 'Crashes', 'Versions', 'Updates loaded'];

function Table({ drivers }: { drivers: DriverSummary[] }) {
  const most = Math.max(1, ...drivers.map(({ hosts }) => hosts));
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Table of drivers">
      <table class="blocks">
        <thead>
          <tr>
            <th scope="col">Driver</th>
            {numbers.map((name) => (
              <th key={name} scope="col" class="number">
                {name}
              </th>
            ))}
            <th scope="col">First crash (UTC)</th>
            <th scope="col">Last crash (UTC)</th>
          </tr>
        </thead>
        <tbody>
          {drivers.map((driver) => (
            <Row key={driver.driver} driver={driver} most={most} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ driver: each, most }: { driver: DriverSummary; most: number }) {
  const values = [each.hosts, each.crashes, each.versions, each.updates];
  return (
    <tr>
      <th scope="row">
        <Link to={pathOf.driver(each.driver)} class="break strong">
          {each.driver}
        </Link>
        <svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
          <rect class="bar-all" width="100" height="6" />
          <rect class="bar-crash" width={(each.hosts / most) * 100} height="6" />
        </svg>
      </th>
      {values.map((value, at) => (
        <td key={numbers[at]} class="number" data-name={numbers[at]}>
          {count(value)}
        </td>
      ))}
      <td data-name="First crash">
        <Time at={each.first_crash_at} dated />
      </td>
      <td data-name="Last crash">
        <Time at={each.last_crash_at} dated />
      </td>
    </tr>
  );
}
