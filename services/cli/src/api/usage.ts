const asking = `Asks the api at RINGWATCH_URL (http://127.0.0.1:8080), with the API key in RINGWATCH_KEY or the file RINGWATCH_KEY_FILE.`;

/** What the commands say of themselves that ask the api. */
export const apiUsage = {
  status: `ringwatch status [--json]

Up to when all is stored, how much that is, and what is not resolved. ${asking}

  ringwatch status || echo "somebody should look"

Exit codes: 0 nothing is open; 1 something is; 2 no answer, or a refused one.
`,
  top: `ringwatch top [DIMENSION ...] [--since TIME] [--until TIME] [--top N] [--json | --csv]

The combinations with the most crashes: by driver, update_channel and update_version in the last hour, when nothing else is said.
Dimensions: driver, driver_version, update_channel, update_version, bugcheck_code, country, org_id, os_build. ${asking}

  ringwatch top
  ringwatch top country os_build --since 24h --top 10
`,
  query: `ringwatch query [--by DIMENSIONS] [--bucket WIDTH] [--since TIME] [--until TIME] [filters] [--top N] [--limit N] [--json | --csv]

Counts crashes and distinct hosts, exactly. ${asking}

  --by D,E       dimensions: driver, driver_version, update_channel, update_version, bugcheck_code, country, org_id, os_build
  --bucket W     a row for each 60s, 5m, 1h, 1d ... of event time
  --since TIME, --until TIME   event time, from inclusive, until exclusive: RFC 3339 or an age (90s, 30m, 12h, 7d)
  filters        --driver, --driver-version, --channel, --version, --code, --country, --org, --build; each may be repeated
  --top N        only the N combinations with the most crashes

  ringwatch query --by driver,update_version --bucket 5m --since 24h --top 20
  ringwatch query --by country --channel channel-file-291 --csv > countries.csv
`,
  incidents: `ringwatch incidents [list] [--state S] [--severity S] [--json]
ringwatch incidents show ID [--json]
ringwatch incidents hosts ID [--csv | --json]
ringwatch incidents acknowledge|unmute|resolve ID [--text WORDS]
ringwatch incidents comment ID --text WORDS
ringwatch incidents assign ID --to NAME
ringwatch incidents mute ID (--until TIME | --factor N) [--text WORDS]

${asking} What is done to an incident is in its history a second or two later: the detector writes it.

  --state S      open, acknowledged, mitigating, resolved; may be repeated
  --severity S   sev1, sev2, sev3; may be repeated
  --until TIME   when the mute ends: RFC 3339, or so long from now (2h)
  --factor N     the mute ends when N times as many hosts have crashed

  ringwatch incidents --state open --state mitigating
  ringwatch incidents hosts inc-5b0c1f2a --csv > who-is-down.csv
  ringwatch incidents mute inc-5b0c1f2a --until 2h --text "rolling back, ticket 4711"
`,
  updates: `ringwatch updates [list] [filters] [--limit N] [--json]
ringwatch updates show CHANNEL VERSION [--json]
ringwatch updates verdict CHANNEL VERSION [--json]

Updates with their adoption and crash rates, newest first; the verdict says whether a rollout may go on. ${asking}

  --channel C, --driver D, --vendor V   only updates of these; each may be repeated
  --verdict V    go, hold, halt; may be repeated
  --under-way    neither paused nor withdrawn, and shipped, widened or taken by a host within three days
  --search WORDS   all of these words in channel, version, driver, title or vendor
  --limit N      most updates to list (50; 200 at most)

  ringwatch updates --under-way --verdict hold --verdict halt
  ringwatch updates verdict channel-file-291 32 && widen-the-ring

Exit codes of verdict: 0 go; 3 hold; 4 halt; 2 no answer, or a refused one.
`,
} as const;
