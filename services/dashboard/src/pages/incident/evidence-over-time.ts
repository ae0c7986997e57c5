import { adoptionColour, suspectColour, usualColour } from '../../charts/chart-colours';
import { type Mark, lettered } from '../../charts/marks';
import type { TimeChart } from '../../charts/time-chart';
import type { Incident } from '../../read/incident-answers';
import { clock, count, duration, measure } from '../../text/format';

/** About so many buckets are drawn, of a round length. */
const ABOUT_BUCKETS = 240;
const LENGTHS = [1, 5, 10, 30, 60, 300, 600, 3_600, 21_600, 86_400];

/** What the changes of an incident told of its evidence, as steps: each holds until the next. */
export function evidenceChart(changes: readonly Incident[]): TimeChart {
  const told = changes.filter(({ action }) => action === null);
  const first = told[0]!;
  const fromMs = startOf(first);
  const endMs = Date.parse(told.at(-1)!.detected_at);
  const seconds = Math.max(60, (endMs - fromMs) / 1_000);
  const bucketSeconds = LENGTHS.find((length) => seconds / length <= ABOUT_BUCKETS) ?? LENGTHS.at(-1)!;
  const start = Math.floor(fromMs / 1_000 / bucketSeconds) * bucketSeconds;
  const size = Math.ceil((endMs / 1_000 - start) / bucketSeconds) + 1;
  const starts = Array.from({ length: size }, (_, at) => start + at * bucketSeconds);
  const steps = (valueOf: (change: Incident) => number) =>
    starts.map((each) => {
      const last = told.findLast(({ detected_at: at }) => Date.parse(at) / 1_000 < each + bucketSeconds);
      return last === undefined ? null : valueOf(last);
    });
  const threshold = told.at(-1)!.evidence.threshold;
  return {
    starts,
    bucketSeconds,
    stretched: true,
    levels: [{ label: `line ${measure(threshold)}`, at: threshold }],
    marks: marksIn(changes, [start * 1_000, (start + size * bucketSeconds) * 1_000]),
    series: [
      {
        kind: 'line',
        label: 'evidence, ln E (left)',
        colour: suspectColour,
        stepped: true,
        values: steps(({ evidence }) => Math.max(0, evidence.statistic)),
        summary: measure(told.at(-1)!.evidence.statistic),
      },
      hostLine(
        'hosts that had applied it (right)',
        adoptionColour,
        steps(({ evidence }) => evidence.exposed_hosts),
      ),
      hostLine(
        'hosts crashed or silent (right)',
        usualColour,
        steps(({ evidence }) => evidence.crashed_hosts + evidence.silent_hosts),
      ),
    ],
  };
}

const hostLine = (label: string, colour: string, values: Array<number | null>) => ({
  kind: 'line' as const,
  label,
  colour,
  stepped: true,
  dashed: colour === usualColour,
  axis: 'right' as const,
  values,
  write: count,
  summary: count(values.at(-1) ?? 0),
});

/** A little before it was shipped or first crashed, but never so long before that the rest is squeezed together. */
function startOf({ suspect, first_crash_at: crash, opened_at: opened, detected_at: detected }: Incident): number {
  const openedMs = Math.min(Date.parse(opened), Date.parse(detected));
  const began = Date.parse(suspect.shipped_at ?? crash ?? opened);
  return Math.max(Math.min(began, openedMs) - 60_000, openedMs - 6 * 3_600_000);
}

function marksIn(changes: readonly Incident[], [sinceMs, untilMs]: readonly [number, number]): Mark[] {
  const { suspect, mitigation, opened_at: opened } = changes.at(-1)!;
  const moments = [
    { kind: 'shipped' as const, at: suspect.shipped_at },
    { kind: 'opened' as const, at: opened },
    { kind: 'mitigated' as const, at: mitigation?.at ?? null },
  ];
  const inside = moments.flatMap(({ kind, at }) =>
    at !== null && Date.parse(at) >= sinceMs && Date.parse(at) < untilMs ? [{ kind, at }] : [],
  );
  const { update_channel: channel, update_version: version } = suspect;
  return lettered(inside.map((each) => ({ ...each, channel, version, suspect: each.kind === 'shipped' })));
}

/** The same in a sentence. */
export function describeEvidence(changes: readonly Incident[]): string {
  const told = changes.filter(({ action }) => action === null);
  const opened = told[0]!;
  const most = Math.max(...told.map(({ evidence }) => evidence.statistic));
  const { shipped_at: shipped } = opened.suspect;
  const after = shipped === null ? '' : `, ${duration(shipped, opened.detected_at)} after it was shipped`;
  return (
    `The evidence crossed its line of ${measure(opened.evidence.threshold)} at ${clock(opened.detected_at, true)} UTC${after}, ` +
    `with ${count(opened.evidence.crashed_hosts)} crashed hosts; it rose to ${measure(most)}.`
  );
}
