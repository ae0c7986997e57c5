/**
 * What a cluster stands, on this machine: several brokers and several ClickHouse servers as processes, one of which is killed.
 *
 *   npm run cluster                                both
 *   npm run cluster -- brokers --events 600000     three brokers and two copies of ingest
 *   npm run cluster -- servers --per-second 2000   two shards of two replicas of ClickHouse
 *
 * Prints figures; exit code 1 when anything was lost or differs. Needs about 3 GB of memory. What it cannot show:
 * docs/operations/cluster.md.
 */
import { parseArgs } from 'node:util';
import { isGood, table } from './report';
import { severalBrokers } from './several-brokers';
import { severalServers } from './several-servers';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { events: { type: 'string' }, 'per-second': { type: 'string' } },
});
const say = (line: string) => process.stdout.write(`${line}\n`);
const events = Number(values.events ?? 150_000);
const perSecond = Number(values['per-second'] ?? 5_000);

async function main(): Promise<void> {
  const parts = { brokers: severalBrokers, servers: severalServers };
  for (const [name, part] of Object.entries(parts)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    say(`\n${name}`);
    const report = await part(events, perSecond, say);
    say(`${table(report)}\n${name}: ${isGood(report) ? 'nothing lost' : 'NOT GOOD'}`);
    if (!isGood(report)) process.exitCode = 1;
  }
}

void main();
