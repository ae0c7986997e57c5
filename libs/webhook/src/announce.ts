import { stopCodeName } from '@ringwatch/bugcheck';
import type { Evidence, IncidentChange, Suspect } from '@ringwatch/incident';
import { count, minuteOf, percent, quantity, secondOf, timeBetween } from './figures';
import type { Notice } from './notice';
import { joined, ours, say, type Phrase } from './phrase';

/** What is to be said about one change of an incident, before any target's markup and limits. Most important first. */
export interface Announcement {
  /** What, how bad, how sure, since when: enough on its own. */
  title: Phrase;
  /** The numbers in sentences. */
  story: Phrase[];
  /** What to do now; empty where nothing is to be said of it. */
  advice: Phrase;
  /** Other updates that may be to blame. */
  rivals: Phrase[];
  /** The rest of the numbers, each under a label of our own. */
  facts: Array<{ label: string; value: Phrase }>;
  links: Array<{ label: string; url: string }>;
  /** How to find the decision again. */
  footer: Phrase;
}

const MAX_LISTED = 5;

/** Puts a change into words. `dashboardUrl` is the address of the dashboard without a slash at its end; without it there are no links. */
export function announce(change: IncidentChange, dashboardUrl?: string): Announcement {
  return {
    title: title(change),
    story: story(change),
    advice: advice(change),
    rivals: rivals(change),
    facts: facts(change.evidence, change),
    links: dashboardUrl === undefined ? [] : links(change, dashboardUrl),
    footer: say`incident ${change.incident_id}, change ${ours(String(change.sequence))}, decided ${ours(secondOf(change.detected_at))}`,
  };
}

/** Puts what is no change of an incident into the same form. */
export function announceNotice({ title, lines, at }: Notice): Announcement {
  const footer = ours(secondOf(at));
  return { title, story: lines, advice: [], rivals: [], facts: [], links: [], footer };
}

const happening = {
  crashes: { now: 'hosts crash', more: 'more hosts crash', again: 'hosts crash again', over: 'hosts no longer crash' },
  silence: {
    now: 'hosts fall silent',
    more: 'more hosts fall silent',
    again: 'hosts fall silent again',
    over: 'hosts no longer fall silent',
  },
  both: {
    now: 'hosts crash and fall silent',
    more: 'more hosts crash and fall silent',
    again: 'hosts crash and fall silent again',
    over: 'hosts no longer crash or fall silent',
  },
} as const;

function title(change: IncidentChange): Phrase {
  const start = change.first_crash_at ?? change.opened_at;
  const isOver = ['mitigated', 'resolved', 'superseded'].includes(change.change);
  const certainty = `(${percent(confidence(change))} sure, ${isOver ? 'began' : 'since'} ${minuteOf(start)})`;
  return say`${ours(`${change.severity.toUpperCase()} ${change.change}: `)}${whatHappens(change)} ${ours(certainty)}`;
}

function whatHappens(change: IncidentChange): Phrase {
  const { now, more, again, over } = happening[change.signal];
  const under = whereOf(change);
  switch (change.change) {
    case 'opened':
      return say`${ours(now)} ${under}`;
    case 'escalated':
      return say`${ours(more)} ${under}`;
    case 'updated':
      return say`${ours(now)} ${under}, new figures`;
    case 'mitigated':
      return say`no more installs of ${nameOf(change.suspect)}`;
    case 'resolved':
      return say`${ours(over)} ${under}`;
    case 'reopened':
      return say`${ours(again)} ${under}`;
    case 'superseded':
      return isUpdate(change.suspect)
        ? say`${nameOf(change.suspect)} is no longer the suspect`
        : say`an update may explain the crashes in ${nameOf(change.suspect)}`;
    case 'acknowledged':
    case 'assigned':
    case 'commented':
    case 'muted':
    case 'unmuted':
      return say`${ours(now)} ${under}`;
  }
}

/** The update as one name; the driver where no update is known. */
function nameOf({ update_channel, update_version, driver, driver_version }: Suspect): Phrase {
  if (update_channel === '') return say`${`${driver} ${driver_version}`.trim()}`;
  const channel = update_channel.startsWith('driver:') ? update_channel.slice('driver:'.length) : update_channel;
  return say`${`${channel} ${update_version}`.trim()}`;
}

/** All that may be to blame alike: the suspect, and what cannot be told apart from it. */
function equals({ suspect, other_suspects, separable }: IncidentChange): Suspect[] {
  return [suspect, ...(separable ? [] : other_suspects.filter((other) => other.confidence === suspect.confidence))];
}

/** How sure it is that one of these is to blame. */
function confidence(change: IncidentChange): number {
  return Math.min(
    1,
    equals(change).reduce((sum, each) => sum + each.confidence, 0),
  );
}

function namesOf(change: IncidentChange, word: string): Phrase {
  return joined(equals(change).slice(0, MAX_LISTED).map(nameOf), ` ${word} `);
}

function isUpdate({ update_channel }: Suspect): boolean {
  return update_channel !== '';
}

function whereOf(change: IncidentChange): Phrase {
  if (isUpdate(change.suspect)) return say`under ${namesOf(change, 'or')}`;
  return say`in ${nameOf(change.suspect)}, no update to blame`;
}

function story(change: IncidentChange): Phrase[] {
  const { evidence, suspect } = change;
  const { estimate, low, high } = evidence.relative_risk;
  const [observed, expected] = [count(evidence.observed), quantity(evidence.expected)];
  const what = change.signal === 'silence' ? 'fell silent' : 'crashed';
  const compared = isUpdate(suspect) && !evidence.weaker;
  const contrast = compared
    ? `Of ${count(evidence.exposed_hosts)} hosts that took it, ${observed} ${what}; ${expected} expected at the rate of hosts that could take it and had not.`
    : `${observed} hosts ${what}; ${expected} expected${evidence.weaker ? ' from the weeks before' : ''}.`;
  const interval = high === null ? `from ${quantity(low)} up` : `${quantity(low)} to ${quantity(high)}`;
  const ratio = `That is ${quantity(estimate)} times the usual rate (95 % interval ${interval}).`;
  return [
    ...turnOfEvents(change),
    ours(`${contrast} ${ratio}`),
    ...(evidence.weaker && isUpdate(suspect) ? [ours('No host without it could be compared: weaker evidence.')] : []),
    ...(evidence.silent_hosts > 0 || evidence.crash_looping_hosts > 0 ? [worse(evidence)] : []),
    ...(suspect.shipped_at === null ? [] : [timing(change, suspect.shipped_at)]),
  ];
}

/** What this change means, where the title does not say it already. */
function turnOfEvents(change: IncidentChange): Phrase[] {
  switch (change.change) {
    case 'mitigated':
      return [ours('It was withdrawn, or its installs have stopped. Hosts that have it may still need repair.')];
    case 'resolved':
      return [...allClear(change), ...whatSomebodyDid(change)];
    case 'reopened':
      return [ours(`It had been mitigated or resolved and has come back. First opened ${minuteOf(change.opened_at)}.`)];
    case 'superseded':
      return [
        change.superseded_by === null
          ? ours('The evidence now points elsewhere.')
          : say`The evidence now points elsewhere: incident ${change.superseded_by} goes on with the new suspect.`,
      ];
    case 'acknowledged':
    case 'assigned':
    case 'commented':
    case 'muted':
      return whatSomebodyDid(change);
    case 'unmuted':
      return change.action === null ? [say`${sentence(change.reason)}.`] : whatSomebodyDid(change);
    case 'opened':
    case 'escalated':
    case 'updated':
      return [];
  }
}

/** The end by evidence: how long it took, and how many of the crashed hosts are back. */
function allClear({ action, evidence, opened_at, detected_at }: IncidentChange): Phrase[] {
  const after = `${timeBetween(opened_at, detected_at)} after the incident opened`;
  if (action !== null) return [ours(`It was resolved by hand, ${after}.`)];
  const { recovered_hosts, recovery_hosts } = evidence;
  const back =
    recovered_hosts === null || recovery_hosts === null
      ? ''
      : ` ${count(recovered_hosts)} of ${count(recovery_hosts)} hosts came back.`;
  return [ours(`All clear: it has stopped, ${after}.${back}`)];
}

/** Who did what, in their own words where they gave any. */
function whatSomebodyDid({ action, assignee, mute }: IncidentChange): Phrase[] {
  if (action === null) return [];
  const note = action.text === '' ? [] : [say`${action.actor}: ${action.text}`];
  switch (action.action) {
    case 'acknowledge':
      return [say`${action.actor} has acknowledged it.`, ...note];
    case 'assign':
      return [assignee === null ? say`Nobody is assigned to it now.` : say`It is assigned to ${assignee}.`, ...note];
    case 'mute':
      return [say`${action.actor} muted it${ours(mute?.until ? ` until ${minuteOf(mute.until)}` : '')}.`, ...note];
    case 'unmute':
      return [say`${action.actor} ended the mute.`, ...note];
    case 'comment':
    case 'resolve':
      return note;
  }
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function worse({ silent_hosts, crash_looping_hosts }: Evidence): Phrase {
  const silent = `${count(silent_hosts)} fell silent after it`;
  const looping = `${count(crash_looping_hosts)} crash again and again`;
  return ours(`${[...(silent_hosts > 0 ? [silent] : []), ...(crash_looping_hosts > 0 ? [looping] : [])].join(', ')}.`);
}

function timing(change: IncidentChange, shippedAt: string): Phrase {
  const firstCrash = change.first_crash_at;
  const crash = firstCrash === null ? '' : `, first crash ${timeBetween(shippedAt, firstCrash)} later`;
  return ours(
    `Shipped ${secondOf(shippedAt)}${crash}, incident opened ${timeBetween(shippedAt, change.opened_at)} after shipping.`,
  );
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
      return ours('Nothing, for now.');
  }
}

function rivals(change: IncidentChange): Phrase[] {
  const alike = equals(change);
  const rest = change.other_suspects.filter((other) => !alike.includes(other)).slice(0, MAX_LISTED);
  return [
    ...(alike.length > 1 ? [say`${namesOf(change, 'and')} cannot be told apart: the same hosts took them.`] : []),
    ...(rest.length > 0
      ? [
          joined(
            rest.map((other) => say`${nameOf(other)} ${ours(`(${percent(other.confidence)})`)}`),
            ', ',
          ),
        ]
      : []),
  ];
}

function facts(evidence: Evidence, { suspect, scope }: IncidentChange): Announcement['facts'] {
  const listed: Array<[string, Evidence['countries'], number]> = [
    ['Countries', evidence.countries, evidence.countries_total],
    ['Organisations', evidence.orgs, evidence.orgs_total],
    ['Windows builds', evidence.os_builds, evidence.os_builds_total],
  ];
  return [
    { label: 'Hosts', value: ours(hosts(evidence)) },
    { label: 'Stop codes', value: mostFirst(evidence.stop_codes, evidence.stop_codes_total, stopCode) },
    { label: 'Driver', value: say`${`${suspect.driver} ${suspect.driver_version}`.trim()}` },
    { label: 'Scope', value: ours(scope.replace('_', ' ')) },
    ...listed.map(([label, values, total]) => ({ label, value: mostFirst(values, total, (value) => say`${value}`) })),
    { label: 'Evidence', value: ours(`ln E ${quantity(evidence.statistic)}, line ${quantity(evidence.threshold)}`) },
  ];
}

function hosts({ exposed_hosts, eligible_hosts, crashed_hosts, silent_hosts }: Evidence): string {
  return `${count(crashed_hosts)} crashed, ${count(silent_hosts)} silent, ${count(exposed_hosts)} exposed of ${count(eligible_hosts)} that can take it`;
}

function mostFirst(values: Evidence['countries'], total: number, show: (value: string) => Phrase): Phrase {
  if (values.length === 0) return ours('none');
  const shown = values.slice(0, MAX_LISTED);
  const rest = Math.max(total, values.length) - shown.length;
  const each = shown.map(({ value, hosts }) => say`${show(value)}: ${ours(count(hosts))}`);
  return joined([...each, ...(rest > 0 ? [ours(`${count(rest)} more`)] : [])], ', ');
}

function stopCode(value: string): Phrase {
  const name = /^0x[0-9a-f]{1,8}$/i.test(value) ? stopCodeName(Number(value)) : undefined;
  return name === undefined ? say`${value}` : say`${name} (${value})`;
}

function links({ incident_id, suspect }: IncidentChange, dashboardUrl: string): Announcement['links'] {
  const [channel, version] = [suspect.update_channel, suspect.update_version].map(encodeURIComponent);
  return [
    { label: 'Incident', url: `${dashboardUrl}/incidents/${encodeURIComponent(incident_id)}` },
    ...(suspect.update_channel === ''
      ? []
      : [{ label: 'Update', url: `${dashboardUrl}/updates/${channel}/${version}` }]),
  ];
}
