import { type Guards, type Margin, type DetectionPolicy, alarmLine } from '@ringwatch/detection';
import type { Evidence } from './incident-change';
import { rounded } from './figures';

/** What would turn the decision, in figures and in words. */
export function whatWouldChange(
  { overLine, controlCrashes }: Margin,
  { hosts, orgs, leaveOneOrgOut }: Guards,
  policy: DetectionPolicy,
): NonNullable<Evidence['what_would_change']> {
  const line = alarmLine(policy).toFixed(1);
  const sentences = [
    `ln E is ${Math.abs(overLine).toFixed(1)} ${overLine >= 0 ? 'above' : 'below'} the line of ${line}`,
    ...(overLine < 0
      ? []
      : [
          controlCrashes === null
            ? 'no number of crashes among hosts that have not taken it would bring it under the line'
            : `${controlCrashes} more crashed ${controlCrashes === 1 ? 'host that has' : 'hosts that have'} not taken it would bring it under the line`,
        ]),
    `without the organisation that supports it most ln E is ${leaveOneOrgOut.toFixed(1)}`,
    `${hosts} hosts of ${orgs} organisations crashed: ${policy.minHosts} of ${policy.minOrgs} are needed`,
  ];
  return { over_line: rounded(overLine), control_crashes: controlCrashes, sentences };
}
