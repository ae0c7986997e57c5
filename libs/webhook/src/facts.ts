import { stopCodeName } from '@ringwatch/bugcheck';
import type { Evidence, IncidentChange } from '@ringwatch/incident';
import { count, quantity } from './figures';
import { joined, ours, say, type Phrase } from './phrase';
import { MAX_LISTED } from './suspects';

/** A number or a list under a label of our own. */
export interface Fact {
  label: string;
  value: Phrase;
}

/** The rest of the numbers, what is looked at first first. */
export function factsOf({ suspect, scope, evidence }: IncidentChange): Fact[] {
  const { signatures, signatures_total, other_stops } = evidence;
  const listed: Array<[string, Evidence['countries'], number]> = [
    ['Countries', evidence.countries, evidence.countries_total],
    ['Organisations', evidence.orgs, evidence.orgs_total],
    ['Windows builds', evidence.os_builds, evidence.os_builds_total],
  ];
  return [
    { label: 'Hosts', value: ours(hosts(evidence)) },
    { label: 'Stop codes', value: mostFirst(evidence.stop_codes, evidence.stop_codes_total, stopCode) },
    ...(signatures.length > 0
      ? [{ label: 'Signatures', value: mostFirst(signatures, signatures_total, ({ value }) => say`${value}`) }]
      : []),
    ...(other_stops.length > 0 ? [{ label: 'Other stops', value: ours(otherStops(other_stops)) }] : []),
    { label: 'Driver', value: say`${`${suspect.driver} ${suspect.driver_version}`.trim()}` },
    { label: 'Scope', value: ours(scope.replace('_', ' ')) },
    ...listed.map(([label, values, total]) => ({
      label,
      value: mostFirst(values, total, ({ value }) => say`${value}`),
    })),
    { label: 'Evidence', value: ours(`ln E ${quantity(evidence.statistic)}, line ${quantity(evidence.threshold)}`) },
  ];
}

function hosts({ exposed_hosts, eligible_hosts, crashed_hosts, silent_hosts }: Evidence): string {
  return `${count(crashed_hosts)} crashed, ${count(silent_hosts)} silent, ${count(exposed_hosts)} exposed of ${count(eligible_hosts)} that can take it`;
}

/** Stops that are no driver's fault and count nowhere else. */
function otherStops(stops: Evidence['other_stops']): string {
  const words = { manual: 'asked for by hand', live_dump: 'live dumps', hardware: 'hardware' };
  return stops.map(({ kind, hosts }) => `${words[kind]}: ${count(hosts)}`).join(', ');
}

interface Counted {
  value: string;
  hosts: number;
}

function mostFirst<Value extends Counted>(
  values: readonly Value[],
  total: number,
  show: (value: Value) => Phrase,
): Phrase {
  if (values.length === 0) return ours('none');
  const shown = values.slice(0, MAX_LISTED);
  const rest = Math.max(total, values.length) - shown.length;
  const each = shown.map((value) => say`${show(value)}: ${ours(count(value.hosts))}`);
  return joined([...each, ...(rest > 0 ? [ours(`${count(rest)} more`)] : [])], ', ');
}

function stopCode({ value, name: given }: Evidence['stop_codes'][number]): Phrase {
  const name = given ?? (/^0x[0-9a-f]{1,8}$/i.test(value) ? stopCodeName(Number(value)) : undefined);
  return name === undefined ? say`${value}` : say`${name} (${value})`;
}
