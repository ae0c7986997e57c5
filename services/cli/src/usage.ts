import { apiUsage } from './api/usage';

const settings = `Settings come from the environment, by the same names as for the services: KAFKA_BROKERS, CLICKHOUSE_URL,
CLICKHOUSE_DATABASE, CLICKHOUSE_USER, CLICKHOUSE_PASSWORD (or CLICKHOUSE_PASSWORD_FILE), INGEST_GROUP_ID.

Exit codes: 0 nothing found, all done; 1 findings; 2 wrong usage or settings, or a server that cannot be reached.
`;

const times = `Times are RFC 3339 (2026-03-01T12:00:00Z) or an age (90s, 30m, 12h, 7d).`;

/** What each command says of itself. */
export const usage = {
  general: `ringwatch: what crashes, since which update, and is everything stored, once and right?

  ringwatch status                  what is open, and up to when all is known
  ringwatch top                     who crashes most
  ringwatch query                   crashes and hosts by any dimensions
  ringwatch incidents               the incidents, their hosts, what people do with them
  ringwatch updates                 adoption, crash rates, the verdict on a rollout
  ringwatch simulate                play a made-up fleet into Kafka
  ringwatch completion              what a shell has to know to complete commands
  ringwatch audit                   account for every message, compare what is derived
  ringwatch replay                  decide a change of an incident again, and compare
  ringwatch backtest                recorded events through the detector, with no Kafka
  ringwatch dead-letters list       what was refused, and why
  ringwatch dead-letters redrive    judge refused messages again, send those that pass now
  ringwatch erase                   erase a host or an org from the store
  ringwatch backup, restore         a copy of the whole store, and back
  ringwatch notify deliveries       who was told of what, and what came of it
  ringwatch notify resend           tell a receiver again
  ringwatch notify resume           speak again to a receiver that said it is gone
  ringwatch notify test             a test message to a receiver, and its answer
  ringwatch keys create|list|revoke keys of the query API

Each takes --help. ${settings}`,
  ...apiUsage,
  simulate: `ringwatch simulate [SCENARIO] [--speed N | --speed max] [--seed TEXT] [--hosts N] [--dates shifted|original] [--broker HOST:PORT]

Plays a made-up fleet into the input topics: july-2024 (the default), july-2024-silent, quiet-week, patch-tuesday,
two-updates-one-guilty, bad-driver-staged, applied-at-shutdown, or the path of a scenario file.

  --speed N      simulated time per wall-clock time (60); max does not wait
  --seed TEXT    equal seeds play equal events (1)
  --hosts N      hosts instead of the scenario's
  --dates D      shifted: it ends when the playing ends; original: its own dates
  --broker B     Kafka (KAFKA_BROKERS)

  ringwatch simulate july-2024 --speed 120

Exit codes: 0 it was played to its end; 2 wrong settings; 130 interrupted.
`,
  completion: `ringwatch completion bash|zsh|fish

Prints what the shell has to be told to complete commands and options.

  source <(ringwatch completion bash)
`,
  audit: `ringwatch audit [--topic NAME] [--since TIME | --last N] [--repair] [--json]

Reads what is kept of the input topics again and finds each message in the store: as a row with the same content, a copy, a
conflict, a dead letter, or erased. Names what is missing, and rows that no message explains. Then looks for the same id with
other content, compares dead letters with their topic, and hosts, updates and counts of crashes with the raw rows.

  --topic NAME   one of bugchecks, updates, installs, heartbeats, and nothing that is derived; may be repeated
  --since TIME   only messages with this record timestamp or a later one. ${times}
  --last N       only the last N messages of each partition
  --repair       settle conflicts and make right what is derived; without it nothing is changed
  --json         one JSON object instead of tables

  ringwatch audit --topic bugchecks --since 24h
  ringwatch audit --json | jq .findings

${settings}`,
  backtest: `ringwatch backtest DIR [--policy FILE] [--json]

Takes recorded events through the detector, as fast as it goes and with no Kafka, and prints what the topic "incidents" would
have carried: one JSON line on stdout for each change of an incident, and nothing else there. On stderr it says how far it is,
which lines are refused and why, and at the end what was found. Needs no running system: it starts a ClickHouse of its own in
a temporary folder, and removes it.

DIR has bugchecks.jsonl, updates.jsonl, installs.jsonl, heartbeats.jsonl and, for what people did, incident-actions.jsonl; any
may be missing, each may end in .jsonl.gz. A line is an event as on the topic, with "received_at" for when it arrived; without it, it arrived when it occurred. Lines
stand in the order of arrival; one that does not still arrives when it says, and is counted as out of order.

  --policy FILE  other settings of the detector, JSON or YAML: any of the names of DetectionPolicy (libs/detection), such as
                 {"alpha": 1e-4, "minHosts": 3}; what is not named stays as it is. Minutes without an end are null.
  --json         the summary at the end as one line of JSON

  ringwatch backtest /var/recorded/july > incidents.jsonl
  ringwatch backtest july --policy nervous.yaml | jq -r '[.detected_at, .change, .severity] | join(" ")'
  npm run --silent record -- july-2024 /tmp/july && npm run --silent ringwatch -- backtest /tmp/july

Exit codes: 0 it came to its end, whatever it found; 2 wrong usage, policy or files; 130 interrupted.
`,
  replay: `ringwatch replay INCIDENT [--sequence N] [--json]

Decides a change of an incident again from what is stored, at the same tick and by the same rules, and compares it with what was told:
the numbers behind an alert, and whether they come out the same. Nothing is written.

  --sequence N   which change; 1, the opening, without it
  --json         both changes and the differences as one JSON object

  ringwatch replay content-a-1-25ead81a65380a8b
  ringwatch replay content-a-1-25ead81a65380a8b --sequence 4 --json | jq .differences

Exit codes: 0 the same, byte for byte; 1 something differs, since what it was decided by was erased, settled or has expired; 2 wrong
usage or settings, or ClickHouse cannot be reached.

${settings}`,
  'dead-letters': `ringwatch dead-letters list    [--reason R] [--topic NAME] [--field F] [--since TIME] [--until TIME] [--json]
ringwatch dead-letters redrive [the same] [--dry-run] [--yes] [--json]

list     counts refused messages by topic, reason and field, with the latest of each.
redrive  judges the selected messages again by the rules of today and sends those that pass to their topic: original key,
         bytes and record timestamp. They stay listed, as redriven, and are not sent again. Those of conflicts never are.

  --reason R     not_json, not_object, missing_field, wrong_type, out_of_range, too_large, conflict (list only)
  --topic NAME   the topic they came from
  --field F      the field that was at fault
  --since TIME, --until TIME   record timestamps, from inclusive, until exclusive. ${times}
  --dry-run      say what would be sent, and send nothing
  --yes          needed to redrive everything, that is without any selection

  ringwatch dead-letters list --since 7d
  ringwatch dead-letters redrive --reason out_of_range --field driver_version --dry-run

${settings}`,
  backup: `ringwatch backup NAME

Has ClickHouse write a copy of the whole database, as a folder of this name in its folder of backups (backups.allowed_path in its
settings; /var/lib/clickhouse/backups with docker compose). Everything goes on meanwhile. Says up to which arrival time it is complete.

  ringwatch backup nightly-2026-03-01

${settings}`,
  restore: `ringwatch restore NAME

Brings a backup back into an empty database, then the schema up to date. Stop the services first. What came after the backup is in
Kafka for seven days: set ingest back to the time that it says, docs/operations/rewind.md.

  ringwatch restore nightly-2026-03-01

${settings}`,
  erase: `ringwatch erase (--host ID | --org ID) --yes [--json]
ringwatch erase (--host ID | --org ID) --verify [--json]

Removes a host or an org from every table on disk, has the counts made again, and keeps it from being stored again from what
is still in Kafka. Kafka's own log keeps its messages until they expire (7 days; dead letters 14). Run it again when it was
cut off. Ends by searching every text in the store.

  --host ID, --org ID   what to erase
  --yes      do it; this cannot be undone
  --verify   only search where it still stands

  ringwatch erase --host 4c4c4544-0042 --yes

${settings}`,
  notify: `ringwatch notify test       [RECEIVER] [--config FILE] [--json]
ringwatch notify deliveries [--incident ID] [--receiver NAME] [--failed] [--since TIME] [--limit N] [--json]
ringwatch notify resend     --incident ID --receiver NAME [--sequence N] [--json]
ringwatch notify resume     RECEIVER

test        sends a test message about a made-up incident, in each receiver's own form, and prints the answer. It is sent from here,
            with the settings of the notifier: NOTIFIER_CONFIG_FILE, NOTIFIER_RECEIVERS_FILE, NOTIFIER_SLACK_URL, ... and
            NOTIFIER_ALLOW_PRIVATE_TARGETS. Without RECEIVER everyone is tested. A pager's alert is resolved again.
deliveries  lists the delivery log, newest first: every attempt, and what became of each change that was told with another.
resend      has the running notifier send a change again, in its turn and under the same key, and prints what came of it.
resume      has the running notifier speak again to a receiver that answered 410 Gone; what it missed can be resent.

  --config FILE    receivers and routes of this file, YAML or JSON, in place of the settings
  --incident ID    the incident
  --receiver NAME  the receiver
  --sequence N     the change; without it the newest
  --failed         only what came to nothing: gave_up, rejected, gone, expired
  --since TIME     only attempts that began then or later. ${times}
  --limit N        at most so many rows (50)

  ringwatch notify test on-call --config notifier.yaml
  ringwatch notify deliveries --failed --since 24h

${settings}`,
  keys: `ringwatch keys create --name NAME --scope SCOPES [--org ORG]... [--json]
ringwatch keys list [--json]
ringwatch keys revoke ID

create   draws a key, prints it once and stores its SHA-256. Its name stands in the record as who did something.
list     shows keys without their secrets, revoked ones included.
revoke   ends a key, and the sessions that were opened with it, within seconds.

  --name NAME     who or what uses the key
  --scope SCOPES  some of read,triage,admin,ingest; admin includes triage, and triage includes read
  --org ORG       only the data of this organisation; may be repeated; without it all

  ringwatch keys create --name ann --scope triage
  ringwatch keys create --name flagger --scope read
  ringwatch keys create --name acme-noc --scope read --org acme

${settings}`,
} as const;

export type Command = Exclude<keyof typeof usage, 'general'>;
