import { describeScenarioError, parseScenario } from './parse-scenario';

const HEAD = ['title: Test', 'starts: 2024-07-19T03:40:00Z', 'ends: 2024-07-19T05:50:00Z', 'fleet:', '  hosts: 10'];
const UPDATE = [
  ...HEAD,
  'updates:',
  '  - channel: av-signatures',
  '    version: 1.415.124.0',
  '    rings:',
  '      - { name: all, fraction: 1, at: +10min, adopts_within: 30min }',
];

/** The file's lines with one line replaced (from 1) or further lines added. */
function file(lines: string[], ...changes: [number, string][]): string {
  const copy = [...lines];
  for (const [line, text] of changes) copy[line - 1] = text;
  return copy.join('\n');
}

function errorsOf(text: string): string[] {
  const parsed = parseScenario(text, 'test');
  return parsed.kind === 'scenario' ? [] : parsed.errors.map((error) => describeScenarioError('f.yaml', error));
}

describe('a good file', () => {
  it('is read with its defaults, times and durations in milliseconds', () => {
    const parsed = parseScenario(UPDATE.join('\n'), 'test');
    expect(parsed).toMatchObject({
      kind: 'scenario',
      scenario: {
        name: 'test',
        starts: Date.parse('2024-07-19T03:40:00Z'),
        fleet: { hosts: 10, orgs: 40 },
        background: { bugchecks_per_host_day: 0.005, season: 0.4 },
        arrival: { bugchecks: { kind: 'lognormal', medianMs: 180_000, sigma: 1 } },
        updates: [{ rings: [{ at: Date.parse('2024-07-19T03:50:00Z'), adopts_within: 1_800_000, shape: 'linear' }] }],
      },
    });
  });

  it('may give a delay in any of its forms', () => {
    const delays = [
      '30s',
      '{ exponential: 2min }',
      '{ weibull: { scale: 1h, shape: 0.7 } }',
      '{ lognormal: { median: 1d, sigma: 2 } }',
    ];
    for (const delay of delays) {
      expect(errorsOf(file(UPDATE, [11, `    crash: { probability: 0.5, stop_code: 0x50, delay: ${delay} }`]))).toEqual(
        [],
      );
    }
  });
});

describe('a broken file', () => {
  it.each([
    ['no content', '', 'f.yaml:1:1: wanted a map with keys of title'],
    ['a list', '- 1', 'f.yaml:1:1: wanted a map with keys of title'],
    ['broken YAML', file(HEAD, [4, 'fleet: [']), 'f.yaml:5:'],
    ['a key twice', file(HEAD, [6, 'title: Again']), 'f.yaml:6:1: wanted valid YAML'],
    [
      'a missing key',
      file(HEAD, [1, '']),
      'f.yaml:2:1: title: wanted text of 1 to 200 characters (quote it if it looks like a number), got nothing',
    ],
    ['a misspelt key', file(HEAD, [6, '  host: 3']), 'f.yaml:6:3: fleet.host: wanted one of the keys hosts, orgs,'],
    [
      'a bad start',
      file(HEAD, [2, 'starts: yesterday']),
      'f.yaml:2:9: starts: wanted a time such as 2024-07-19T04:09:00Z, or +29min after the start, got "yesterday"',
    ],
    ['a day that does not exist', file(HEAD, [2, 'starts: 2024-13-19T03:40:00Z']), 'f.yaml:2:9: starts: wanted a time'],
    [
      'an end before the start',
      file(HEAD, [3, 'ends: 2024-07-19T03:00:00Z']),
      'f.yaml:3:7: ends: wanted a time after starts',
    ],
    [
      'no hosts',
      file(HEAD, [5, '  hosts: 0']),
      'f.yaml:5:10: fleet.hosts: wanted a whole number from 1 to 10000000, got 0',
    ],
    ['half a host', file(HEAD, [5, '  hosts: 1.5']), 'f.yaml:5:10: fleet.hosts: wanted a whole number'],
    [
      'hosts as text',
      file(HEAD, [5, '  hosts: many']),
      'f.yaml:5:10: fleet.hosts: wanted a whole number from 1 to 10000000, got "many"',
    ],
    [
      'shares over 1',
      file(HEAD, [6, '  paces: [{ every: 5min, share: 0.7 }, { every: 1h, share: 0.7 }]']),
      'f.yaml:6:10: fleet.paces: wanted shares that add up to 1',
    ],
    [
      'a pace without a unit',
      file(HEAD, [6, '  paces: [{ every: 300, share: 1 }]']),
      'f.yaml:6:20: fleet.paces[0].every: wanted a duration such as 30s, 5min, 2h or 3d, got 300',
    ],
    [
      'an unknown channel',
      file(UPDATE, [7, '  - channel: av-sigs']),
      'f.yaml:7:14: updates[0].channel: wanted a channel of the fleet (channel-file-291,',
    ],
    [
      'a version that YAML reads as a number',
      file(UPDATE, [8, '    version: 1.10']),
      'f.yaml:8:14: updates[0].version: wanted text of 1 to 64 characters (quote it if it looks like a number), got 1.1',
    ],
    ['no rings', file(UPDATE, [10, '      []']), 'f.yaml:10:7: updates[0].rings: wanted at least one ring, got a list'],
    [
      'a fraction over 1',
      file(UPDATE, [10, '      - { name: all, fraction: 50, at: +10min, adopts_within: 30min }']),
      'f.yaml:10:32: updates[0].rings[0].fraction: wanted a number from 0 to 1, got 50',
    ],
    [
      'an unknown shape',
      file(UPDATE, [10, '      - { name: all, fraction: 1, at: +1min, adopts_within: 30min, shape: round }']),
      'f.yaml:10:75: updates[0].rings[0].shape: wanted linear, logistic or bursty, got "round"',
    ],
    [
      'a narrower ring after a wider one',
      file(UPDATE, [11, '      - { name: few, fraction: 0.1, at: +20min, adopts_within: 30min }']),
      'f.yaml:11:32: updates[0].rings[1].fraction: wanted at least the fraction of the ring above, got 0.1',
    ],
    [
      'a ring before the one above',
      file(UPDATE, [11, '      - { name: more, fraction: 1, at: +5min, adopts_within: 30min }']),
      'f.yaml:11:40: updates[0].rings[1].at: wanted a time not before the ring above',
    ],
    [
      'withdrawn before shipped',
      file(UPDATE, [11, '    withdrawn: +5min']),
      'f.yaml:11:16: updates[0].withdrawn: wanted a time after the first ring, got "+5min"',
    ],
    [
      'a roll-back with nothing withdrawn',
      file(UPDATE, [11, '    rolls_back_within: 5min']),
      'f.yaml:11:24: updates[0].rolls_back_within: wanted only with withdrawn',
    ],
    [
      'a crash without a stop code',
      file(UPDATE, [11, '    crash: { probability: 0.5 }']),
      'f.yaml:11:12: updates[0].crash.stop_code: wanted a whole number from 0 to 4294967295, got nothing',
    ],
    [
      'an unknown delay',
      file(UPDATE, [11, '    crash: { probability: 0.5, stop_code: 80, delay: { gauss: 3s } }']),
      'f.yaml:11:54: updates[0].crash.delay: wanted a duration such as 30s, 5min, 2h or 3d, or {exponential: MEAN}',
    ],
    [
      'an unknown driver',
      file(UPDATE, [11, '    driver: nosuch.sys']),
      'f.yaml:11:13: updates[0].driver: wanted a driver of the fleet, got "nosuch.sys"',
    ],
    [
      'an unknown organisation',
      file(UPDATE, [11, '    only: { orgs: [org-001, org-999] }']),
      'f.yaml:11:29: updates[0].only.orgs[1]: wanted an organisation of the fleet (org-001 to org-040), got "org-999"',
    ],
    [
      'the same version twice',
      file(UPDATE, [11, UPDATE.slice(6).join('\n')]),
      'f.yaml:12:14: updates[1].version: wanted a version that no earlier update of this channel has',
    ],
    [
      'no country at all',
      file(HEAD, [6, '  countries: {}']),
      'f.yaml:6:14: fleet.countries: wanted at least one share above 0',
    ],
    [
      'a country in small letters',
      file(HEAD, [6, '  countries: { us: 1 }']),
      'f.yaml:6:16: fleet.countries.us: wanted a country code of two capital letters (ISO 3166-1, or ZZ), got "us"',
    ],
    [
      'a surge that ends first',
      file(HEAD, [6, 'surges: [{ from: +20min, until: +10min, crash_factor: 4 }]']),
      'f.yaml:6:33: surges[0].until: wanted a time after from, got "+10min"',
    ],
    [
      'a new driver without a version',
      file(HEAD, [6, '  drivers: [{ image: mine.sys }]']),
      'f.yaml:6:13: fleet.drivers[0].version: wanted the version of a driver that is not built in, got nothing',
    ],
  ])('%s: the error names line and column, what was wanted and what was got', (_name, text, error) => {
    const errors = errorsOf(text);
    expect(errors[0]).toContain(error);
    expect(errors[0]).toMatch(/^f\.yaml:\d+:\d+: .*wanted .+, got .+$/s);
  });

  it('tells of all its errors, in the order of the lines', () => {
    const errors = errorsOf(file(UPDATE, [5, '  hosts: -1'], [8, '    version: 3'], [11, 'colour: red']));
    expect(errors.map((error) => error.split(':')[1])).toEqual(['5', '8', '11']);
  });
});
