import { z } from 'zod';
import { amount, distribution, duration, keyed, moment, share, whole, words } from './scenario-values';

/** Which hosts something concerns; every list that is given must hold the host. */
const among = keyed({
  orgs: z.array(words(128), { error: 'a list of organisations' }).optional(),
  countries: z.array(words(2), { error: 'a list of countries' }).optional(),
  os_builds: z.array(words(64), { error: 'a list of builds' }).optional(),
  drivers: z.array(words(128), { error: 'a list of images' }).optional(),
});

/** Hosts that something concerns: the conditions of a scenario's `only` and `among`. */
export type HostFilter = z.output<typeof among>;

const fleet = keyed({
  hosts: whole(1, 10_000_000),
  orgs: whole(1, 100_000).default(40),
  org_skew: amount.default(1),
  countries: z.record(words(2), share, { error: 'a map of country: share' }).optional(),
  os_builds: z.record(words(64), share, { error: 'a map of build: share' }).optional(),
  drivers: z
    .array(
      keyed({
        image: words(128),
        version: words(64).optional(),
        share: share.optional(),
        crash_weight: amount.optional(),
        vendor: words(128).optional(),
      }),
      { error: 'a list of drivers' },
    )
    .default([]),
  channels: z
    .array(
      keyed({ channel: words(150), driver: words(128), version: words(64).optional(), vendor: words(128).optional() }),
      { error: 'a list of channels' },
    )
    .default([]),
  paces: z
    .array(keyed({ every: duration, share }), { error: 'a list of {every, share}' })
    .min(1, 'at least one pace')
    .default([
      { every: 30_000, share: 0.02 },
      { every: 60_000, share: 0.08 },
      { every: 300_000, share: 0.3 },
      { every: 600_000, share: 0.4 },
      { every: 1_800_000, share: 0.15 },
      { every: 86_400_000, share: 0.05 },
    ]),
  offices: share.default(0.3),
  restarts_every: duration.default(10 * 86_400_000),
});

const background = keyed({
  bugchecks_per_host_day: amount.default(0.005),
  season: share.default(0.4),
  repeats: share.default(0.3),
  lemons_per_1000_hosts: amount.default(1),
  updates_per_day: amount.default(0),
});

const LOGNORMAL = 'lognormal' as const;
const arrival = keyed({
  bugchecks: distribution.default({ kind: LOGNORMAL, medianMs: 180_000, sigma: 1 }),
  installs: distribution.default({ kind: LOGNORMAL, medianMs: 2000, sigma: 0.8 }),
  heartbeats: distribution.default({ kind: LOGNORMAL, medianMs: 300, sigma: 0.8 }),
  duplicates: share.default(0.002),
  lost_installs: share.default(0),
  skewed_clocks: keyed({ share, up_to: duration }).default({ share: 0.02, up_to: 90_000 }),
});

const crash = keyed({
  probability: share,
  delay: distribution.default({ kind: 'exponential', meanMs: 30_000 }),
  among: among.optional(),
  stop_code: whole(0, 0xffffffff),
  driver: words(128).optional(),
  fault_offset: whole(0, Number.MAX_SAFE_INTEGER).optional(),
  reports: share.default(1),
  again: z
    .union([z.literal('never'), z.literal('boot_loop'), distribution], {
      error: 'never, boot_loop, or the delay from a boot to the next crash',
    })
    .default('never'),
  gives_up_after: whole(1, 1000).default(8),
  recovers: keyed({ fraction: share, after: distribution }).optional(),
});

function update(startMs: number) {
  const at = moment(startMs);
  return keyed({
    channel: words(160),
    version: words(64),
    replaces: words(64).optional(),
    driver: words(128).optional(),
    vendor: words(128).optional(),
    title: words(200).optional(),
    announced: z.boolean({ error: 'true or false' }).default(true),
    only: among.optional(),
    order: words(64).optional(),
    order_share: share.default(1),
    rings: z
      .array(
        keyed({
          name: words(64),
          fraction: share,
          at,
          adopts_within: duration,
          shape: z.enum(['linear', 'logistic', 'bursty'], { error: 'linear, logistic or bursty' }).default('linear'),
        }),
        { error: 'a list of rings' },
      )
      .min(1, 'at least one ring'),
    applies: z.enum(['online', 'at_shutdown'], { error: 'online or at_shutdown' }).default('online'),
    reboots: z.boolean({ error: 'true or false' }).default(false),
    new_os_builds: z.record(words(64), words(64), { error: 'a map of build: build' }).optional(),
    unsettles: keyed({ crash_factor: amount, lasts: duration }).optional(),
    crash: crash.optional(),
    paused: at.optional(),
    withdrawn: at.optional(),
    rolls_back_within: duration.optional(),
  });
}

/** The form of a scenario file; `startMs` is what its relative times count from. */
export function scenarioSchema(startMs: number) {
  const at = moment(startMs);
  return keyed({
    title: words(200),
    about: words(2000).optional(),
    starts: at,
    ends: at,
    fleet,
    background: background.prefault({}),
    arrival: arrival.prefault({}),
    updates: z.array(update(startMs), { error: 'a list of updates' }).default([]),
    surges: z
      .array(keyed({ from: at, until: at, crash_factor: amount, among: among.optional() }), {
        error: 'a list of surges',
      })
      .default([]),
  });
}

/**
 * A scenario as read from its file, under the file's own names; times are milliseconds since 1970 (UTC), durations
 * milliseconds. `docs` for each key stand in the README and in the shipped files.
 */
export type Scenario = z.output<ReturnType<typeof scenarioSchema>> & { name: string };

/** One update of a scenario: who gets it and when, and what it does to a host. */
export type ScenarioUpdate = Scenario['updates'][number];

/** What a bad update does to the hosts that apply it. */
export type CrashEffect = NonNullable<ScenarioUpdate['crash']>;
