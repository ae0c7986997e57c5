import { spawnSync } from 'node:child_process';
import { Stack, eventually } from '../support/stack';

const hasKcat = spawnSync('kcat', ['-V']).status === 0;
if (!hasKcat) process.stdout.write('kcat: skipped, it is not installed (apt-get install kcat)\n');

/** What another client produces comes out of the query API, counted exactly. */
(hasKcat ? describe : describe.skip)('bugchecks produced by kcat', () => {
  const stack = new Stack();

  beforeAll(async () => {
    await stack.start();
    await stack.run('ingest');
    await stack.run('api');
  });
  afterAll(() => stack.stop());

  function produce(hostId: string, message: object): void {
    const args = ['-P', '-b', stack.platform.kafkaBrokers.join(','), '-t', 'bugchecks', '-k', hostId];
    expect(spawnSync('kcat', args, { input: JSON.stringify(message) }).status).toBe(0);
  }

  const bugcheck = (event: number, host: number, driver: string) => ({
    event_id: `kcat-${event}`,
    occurred_at: new Date().toISOString(),
    host_id: `host-${host}`,
    org_id: 'org-1',
    country: 'DE',
    os_build: '10.0.22631.3880',
    bugcheck_code: event % 2 === 0 ? '0x50' : 80,
    bugcheck_parameters: ['0x9c', 0, '0xffffffffffffffff', 1],
    driver,
    driver_version: '7.11.18110.0',
    update_channel: 'channel-file-291',
    update_version: 'C-00000291-00000000-00000032',
  });

  it('are answered by the aggregates with exact counts of crashes and hosts', async () => {
    const sent = Array.from({ length: 12 }, (_, event) => ({
      event,
      host: event % 5,
      driver: event < 9 ? 'CSAgent.sys' : 'nvlddmkm.sys',
    }));
    for (const { event, host, driver } of sent) {
      const message = bugcheck(event, host, driver);
      produce(`host-${host}`, message);
      if (event < 3) produce(`host-${host}`, message);
    }
    const ask = async () =>
      (await (await fetch(`${stack.url('api')}/api/v1/aggregates?group_by=driver,bugcheck_code,country`)).json()) as {
        rows: Array<{ crashes: number }>;
      };
    const answer = await eventually(
      ask,
      ({ rows }) => rows.reduce((sum, { crashes }) => sum + crashes, 0) >= sent.length,
    );
    const of = (driver: string, crashes: number, hosts: number) => ({
      driver,
      bugcheck_code: '0x00000050',
      country: 'DE',
      crashes,
      hosts,
    });
    expect(answer.rows).toEqual([of('csagent.sys', 9, 5), of('nvlddmkm.sys', 3, 3)]);
  });
});
