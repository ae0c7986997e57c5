import { useMemo } from 'preact/hooks';
import { Figure } from '../../charts/figure';
import { choose, pathOf, useAddress } from '../../frame/address';
import { Link } from '../../frame/link';
import { useTitle } from '../../frame/title';
import { Fact } from '../../parts/fact';
import { RateTable } from '../../parts/rate-table';
import { Select } from '../../parts/select';
import { ShareTable } from '../../parts/share-table';
import { Failed, Loading, Stale } from '../../parts/states';
import { Time } from '../../parts/time';
import { type RangeName, rangeNamed, ranges } from '../../parts/time-range';
import { useLive } from '../../read/use-live';
import { count } from '../../text/format';
import { describeVersions, versionsChart } from './versions-chart';
import { type DriverView, loadDriver } from './load-driver';

/** One driver: its versions over time, what it had loaded, how its hosts fail. */
export function DriverPage({ name }: { name: string }) {
  const range = rangeNamed(useAddress().searchParams.get('range'), '24h');
  const { answer, problem, retry } = useLive(`driver ${name} ${range}`, (signal) => loadDriver(name, range, signal));
  useTitle(name);
  if (answer === undefined) return problem ? <Failed problem={problem} retry={retry} /> : <Loading />;
  return (
    <>
      {problem && <Stale problem={problem} retry={retry} />}
      <Head view={answer} range={range} />
      <Versions view={answer} />
      <Parts view={answer} />
    </>
  );
}

function Head({ view: { driver }, range }: { view: DriverView; range: RangeName }) {
  return (
    <section class="card incident-body" aria-labelledby="driver-title">
      <h1 id="driver-title" class="break">
        {driver.driver}
      </h1>
      <Select label="Time" value={range} options={ranges} onChoose={(chosen) => choose({ range: chosen })} />
      <dl class="facts">
        <Fact name="Hosts that it crashed" value={count(driver.hosts)}>
          {count(driver.crashes)} crashes
        </Fact>
        <Fact name="Versions that crashed" value={count(driver.versions)} />
        <Fact name="Updates that it had loaded" value={count(driver.updates)} />
        <Fact name="Last crash (UTC)" value={<Time at={driver.last_crash_at} seconds />}>
          first <Time at={driver.first_crash_at} dated />
        </Fact>
      </dl>
    </section>
  );
}

function Versions({ view: { driver } }: { view: DriverView }) {
  const chart = useMemo(() => versionsChart(driver), [driver]);
  return (
    <Figure
      id="versions"
      title="Crashes by version"
      sentence={describeVersions(driver)}
      chart={chart}
      note={driver.curve_truncated ? 'There is more than fits: the end of the time is not shown.' : undefined}
    />
  );
}

function Parts({ view: { driver, signatures } }: { view: DriverView }) {
  const rows = driver.by_version.map(({ rate, ...rest }) => ({ ...rest, ...rate }));
  const updates = driver.by_update.map(({ update_channel: channel, update_version: version, hosts }) => ({
    value: version,
    hosts,
    link: (text: preact.ComponentChildren) => <Link to={pathOf.update(channel, version)}>{text}</Link>,
  }));
  const shares = signatures.map(({ signature, hosts }) => ({ value: signature, hosts }));
  return (
    <section class="spread" aria-label="What it is blamed for">
      <RateTable title="Versions" rows={rows} nameOf={({ driver_version: version }) => version || 'no version told'} />
      <ShareTable title="Updates that it had loaded" shares={updates} total={updates.length} />
      <ShareTable title="Failure signatures" shares={shares} total={shares.length} />
    </section>
  );
}
