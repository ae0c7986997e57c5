import type { IncidentChange, Severity } from '@ringwatch/incident';
import { factsOf, type Fact } from './facts';
import { count, minuteOf, percent, secondOf, timeBetween } from './figures';
import type { Notice } from './notice';
import { joined, ours, say, type Phrase } from './phrase';
import { storyOf } from './story';
import { MAX_LISTED, equals, isUpdate, nameOf, namesOf } from './suspects';
import { isOver, titleOf } from './title';

/** What is to be said about one change of an incident, before any target's markup and limits. Most important first. */
export interface Announcement {
  /** What, how bad, how sure, since when: enough on its own. */
  title: Phrase;
  /** How it is to be coloured. */
  tone: Tone;
  /** That it goes on with what was said before; empty in the first message. For receivers that can neither edit nor thread. */
  follows: Phrase;
  /** The numbers in sentences. */
  story: Phrase[];
  /** What to do now; empty where nothing is to be said of it. */
  advice: Phrase;
  /** Other updates that may be to blame. */
  rivals: Phrase[];
  /** The rest of the numbers, each under a label of our own. */
  facts: Fact[];
  links: Array<{ label: string; url: string }>;
  /** How to find the decision again. */
  footer: Phrase;
}

export type Tone = Severity | 'over' | 'notice';

/** What an announcement depends on beside the change. */
export interface Wording {
  /** The address of the dashboard without a slash at its end; without it there are no links. */
  dashboardUrl?: string | undefined;
  /** Sentences of our own, said before all else. */
  remarks?: readonly string[];
}

/** Puts a change into words. */
export function announce(change: IncidentChange, { dashboardUrl, remarks = [] }: Wording = {}): Announcement {
  return {
    title: titleOf(change),
    tone: isOver(change) ? 'over' : change.severity,
    follows: follows(change),
    story: [...remarks.map(ours), ...storyOf(change)],
    advice: advice(change),
    rivals: rivals(change),
    facts: factsOf(change),
    links: dashboardUrl === undefined ? [] : linksTo(change, dashboardUrl),
    footer: say`incident ${change.incident_id}, change ${ours(String(change.sequence))}, decided ${ours(secondOf(change.detected_at))}`,
  };
}

const tones: Record<Notice['purpose'], Tone> = {
  test: 'notice',
  watchdog: 'notice',
  undelivered: 'sev2',
  digest: 'sev1',
  pipeline_stale: 'sev1',
  pipeline_recovered: 'over',
};

/** Puts what is no change of an incident into the same form. */
export function announceNotice({ purpose, title, lines, at }: Notice): Announcement {
  const footer = ours(secondOf(at));
  return {
    title,
    tone: tones[purpose],
    follows: [],
    story: lines,
    advice: [],
    rivals: [],
    facts: [],
    links: [],
    footer,
  };
}

function follows({ sequence, opened_at, detected_at }: IncidentChange): Phrase {
  if (sequence === 1) return [];
  const since = `${minuteOf(opened_at)}, ${timeBetween(opened_at, detected_at)} before`;
  return ours(`Follow-up ${sequence - 1} to the incident that opened ${since}.`);
}

function advice(change: IncidentChange): Phrase {
  const updates = namesOf(change, 'and');
  switch (change.recommendation) {
    case 'halt':
      return say`Halt the rollout of ${updates} now, before more hosts take it.`;
    case 'roll_back':
      return say`Roll back ${updates}: hosts that have it go on failing until it is gone.`;
    case 'investigate':
      return isUpdate(change.suspect)
        ? say`Look into ${updates} before it goes to more hosts.`
        : say`Look into ${updates}: no update explains it.`;
    case 'none':
      return ours(
        stillDown(change) > 0
          ? `Repair the ${count(stillDown(change))} hosts that have not come back: the page of the incident lists them.`
          : 'Nothing, for now.',
      );
  }
}

/** Crashed hosts that are not back at the end. */
function stillDown({ change, evidence: { recovered_hosts, recovery_hosts } }: IncidentChange): number {
  return change === 'resolved' && recovery_hosts !== null && recovered_hosts !== null
    ? recovery_hosts - recovered_hosts
    : 0;
}

function rivals(change: IncidentChange): Phrase[] {
  const alike = equals(change);
  const rest = change.other_suspects.filter((other) => !alike.includes(other)).slice(0, MAX_LISTED);
  return [
    ...(alike.length > 1 ? [say`${namesOf(change, 'and')} cannot be told apart: the same hosts took them.`] : []),
    ...(rest.length > 0
      ? [
          joined(
            rest.map((other) =>
              // Beside a spike without a suspect stands what could not be judged: no share is none, not nought.
              isUpdate(change.suspect)
                ? say`${nameOf(other)} ${ours(`(${percent(other.confidence)})`)}`
                : say`${nameOf(other)} ${ours('(cannot be judged: hardly any host is without it)')}`,
            ),
            ', ',
          ),
        ]
      : []),
  ];
}

/** A half of a surrogate pair cannot be written in an address. */
function encoded(name: string): string {
  return encodeURIComponent(name.replace(/\p{Cs}/gu, '\uFFFD'));
}

/** The pages about a change. */
function linksTo({ incident_id, suspect }: IncidentChange, dashboardUrl: string): Announcement['links'] {
  const [channel, version] = [suspect.update_channel, suspect.update_version].map(encoded);
  const incident = `${dashboardUrl}/incidents/${encoded(incident_id)}`;
  return [
    { label: 'Incident', url: incident },
    { label: 'Decision', url: `${incident}#decision` },
    ...(suspect.update_channel === ''
      ? []
      : [{ label: 'Update', url: `${dashboardUrl}/updates/${channel}/${version}` }]),
  ];
}
