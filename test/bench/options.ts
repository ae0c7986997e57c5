import { parseArgs } from 'node:util';

export const parts = ['ingest', 'latency', 'memory', 'aggregates', 'ticks', 'decision', 'notify', 'pages'] as const;
export type PartName = (typeof parts)[number];

/** What `npm run bench` was told. */
export interface Options {
  help: boolean;
  parts: PartName[];
  messages: number;
  /** Lag that the part `memory` begins with. */
  lag: number;
  rounds: number;
  /** Names of peers to run; all when empty. */
  peers: string[];
  /** Events a second and seconds of the part `latency`. */
  rate: number;
  seconds: number;
  /** Hosts with installs, and seconds of arrival time, of the part `ticks`. */
  hosts: number;
  ticks: number;
  /** Receivers of the part `notify`. */
  receivers: number;
  /** Other bugchecks a second, and outbreaks that are counted, of the part `decision`. */
  background: number;
  outbreaks: number;
}

export const help = `npm run bench -- [part ...] [options]

  parts        ${parts.join(', ')}; without any, all of them
  --quick      200,000 messages, one round, 5 s: shows that the bench works, its figures mean nothing
  --messages N messages in the topic of "ingest" (4,000,000)
  --rounds N   rounds of "ingest"; in each all peers run once (3)
  --peers A,B  only these peers of "ingest"
  --rate N     events a second of "latency" (10,000)
  --seconds N  how long "latency" and "notify" send (30)
  --hosts N    hosts with installs of "ticks" (1,000,000)
  --ticks N    seconds of arrival time that "ticks" decides one by one (300)
  --receivers N  receivers that "notify" tells (10)
  --background N  other bugchecks a second of "decision" (5,000)
  --outbreaks N   outbreaks of "decision" (100)
  --lag N      messages that wait when "memory" starts ingest (10,000,000)

Results go to .ringwatch/bench/<part>.md and .json.`;

/** Reads the command line. Throws an Error that says what is wrong with it. */
export function readOptions(argv: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      quick: { type: 'boolean', default: false },
      messages: { type: 'string' },
      rounds: { type: 'string' },
      peers: { type: 'string', default: '' },
      rate: { type: 'string' },
      seconds: { type: 'string' },
      lag: { type: 'string' },
      hosts: { type: 'string' },
      ticks: { type: 'string' },
      receivers: { type: 'string' },
      background: { type: 'string' },
      outbreaks: { type: 'string' },
    },
  });
  type Count = 'messages' | 'rounds' | 'rate' | 'seconds' | 'lag' | 'hosts' | 'ticks';
  type Name = Count | 'receivers' | 'background' | 'outbreaks';
  const number = (name: Name, full: number, quick: number) => {
    const value = Number((values[name] ?? String(values.quick ? quick : full)).replaceAll(/[_,]/g, ''));
    if (!Number.isInteger(value) || value < 1)
      throw new Error(`--${name}: wanted a whole number above 0, got "${values[name]}"`);
    return value;
  };
  return {
    help: values.help,
    parts: positionals.length > 0 ? positionals.map(partNamed) : [...parts],
    messages: number('messages', 4_000_000, 200_000),
    rounds: number('rounds', 3, 1),
    peers: values.peers.split(',').filter((name) => name !== ''),
    rate: number('rate', 10_000, 10_000),
    seconds: number('seconds', 30, 5),
    lag: number('lag', 10_000_000, 200_000),
    hosts: number('hosts', 1_000_000, 20_000),
    ticks: number('ticks', 300, 70),
    receivers: number('receivers', 10, 3),
    background: number('background', 5_000, 500),
    outbreaks: number('outbreaks', 100, 5),
  };
}

function partNamed(name: string): PartName {
  const part = parts.find((each) => each === name);
  if (!part) throw new Error(`there is no part "${name}": wanted one of ${parts.join(', ')}`);
  return part;
}
