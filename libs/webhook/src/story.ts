import type { Evidence, IncidentChange } from '@ringwatch/incident';
import { count, minuteOf, percent, quantity, secondOf, timeBetween } from './figures';
import { forecast } from './forecast';
import { ours, say, type Phrase } from './phrase';
import { isUpdate } from './suspects';

/** The numbers in sentences, what a change means first. */
export function storyOf(change: IncidentChange): Phrase[] {
  const { evidence, suspect } = change;
  const { estimate, low, high } = evidence.relative_risk;
  const [observed, expected] = [count(evidence.observed), quantity(evidence.expected)];
  const what = isOfSilence(change) ? 'fell silent' : 'crashed';
  const compared = isUpdate(suspect) && !evidence.weaker;
  const contrast = compared
    ? `Of ${count(evidence.exposed_hosts)} hosts that took it, ${observed} ${what}; ${expected} expected at the rate of hosts that could take it and had not.`
    : `${observed} hosts ${what}; ${expected} expected${evidence.weaker ? ' from the weeks before' : ''}.`;
  const interval = high === null ? `from ${quantity(low)} up` : `${quantity(low)} to ${quantity(high)}`;
  const ratio = `That is ${quantity(estimate)} times the usual rate (95 % interval ${interval}).`;
  return [
    ...turnOfEvents(change),
    ours(`${contrast} ${ratio}`),
    ...(evidence.weaker && isUpdate(suspect)
      ? [ours('Hosts without it could not be compared, or are too few: weaker evidence.')]
      : []),
    ...(evidence.silent_hosts > 0 || evidence.crash_looping_hosts > 0 ? [worse(evidence)] : []),
    ...(suspect.shipped_at === null ? [] : [timing(change, suspect.shipped_at)]),
    ...forecast(change),
  ];
}

/** Whether `observed` counts hosts that fell silent. */
function isOfSilence({ signal, evidence }: IncidentChange): boolean {
  return signal === 'silence' || evidence.leading_bucket?.level === 'silent';
}

/** What this change means, where the title does not say it already. */
function turnOfEvents(change: IncidentChange): Phrase[] {
  switch (change.change) {
    case 'mitigated':
      return [ours(`${whatStoppedIt(change)} Hosts that have it may still need repair.`)];
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

function whatStoppedIt({ mitigation }: IncidentChange): string {
  if (mitigation === null) return 'It was withdrawn, or its installs have stopped.';
  const causes = {
    withdrawn: 'It was withdrawn',
    paused: 'Its rollout was paused',
    adoption_stopped: 'No host takes it any more',
  };
  return `${causes[mitigation.cause]}; ${count(mitigation.exposed_hosts)} hosts had taken it by then.`;
}

/** The end by evidence: how long it took, and how many of the crashed hosts are back. All is clear only where most of them are. */
function allClear({ action, evidence, opened_at, detected_at }: IncidentChange): Phrase[] {
  const after = `${timeBetween(opened_at, detected_at)} after the incident opened`;
  if (action !== null) return [ours(`It was resolved by hand, ${after}.`)];
  const { recovered_hosts, recovery_hosts } = evidence;
  const stopped = `it has stopped, ${after}.`;
  if (recovered_hosts === null || recovery_hosts === null || recovery_hosts === 0)
    return [ours(`All clear: ${stopped}`)];
  const share = recovered_hosts === recovery_hosts ? '100 %' : percent(recovered_hosts / recovery_hosts);
  const back = `${count(recovered_hosts)} of ${count(recovery_hosts)} crashed hosts (${share}) came back`;
  if (recovered_hosts >= recovery_hosts / 2) return [ours(`All clear: ${stopped} ${back}.`)];
  return [ours(`No more hosts are hit: ${stopped} Only ${back}, the others have given no sign of life since.`)];
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
