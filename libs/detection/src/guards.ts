import { Measured, leadingBucket, measure } from './measure';
import { DetectionPolicy, alarmLine } from './policy';
import type { WatchedUpdate } from './watched-update';

/** What has to hold besides the statistic before anyone is woken. */
export interface Guards {
  hosts: number;
  orgs: number;
  /** The statistic without the organisation that supports it most; below the line the evidence hangs on one customer. */
  leaveOneOrgOut: number;
  hold: boolean;
}

/** The largest organisations are left out in turn; one with fewer crashed hosts can only weigh less. */
const LARGEST_ORGS = 10;

/** Counts the crashed hosts of the leading bucket that had applied the update, and leaves one organisation out at a time. */
export function guard(watched: WatchedUpdate, measured: Measured, policy: DetectionPolicy): Guards {
  const bucket = leadingBucket(measured)?.bucket;
  const hostsByOrg = new Map<string, Set<string>>();
  for (const [hostId, contributions] of watched.contributions()) {
    for (const { bucket: its, ageBins, crash } of contributions) {
      if (its !== bucket || ageBins === undefined) continue;
      const hosts = hostsByOrg.get(crash.orgId) ?? new Set();
      hostsByOrg.set(crash.orgId, hosts.add(hostId));
    }
  }
  const hosts = new Set([...hostsByOrg.values()].flatMap((each) => [...each])).size;
  const orgs = hostsByOrg.size;
  if (hosts < policy.minHosts || orgs < policy.minOrgs) return { hosts, orgs, leaveOneOrgOut: 0, hold: false };
  const largest = [...hostsByOrg].sort(([a, x], [b, y]) => y.size - x.size || (a < b ? -1 : 1)).slice(0, LARGEST_ORGS);
  const leaveOneOrgOut = Math.min(
    ...largest.map(([org]) => {
      const rest = watched.cellsWhere((_, { crash }) => crash.orgId !== org);
      return measure(watched, policy, rest).statistic;
    }),
  );
  return { hosts, orgs, leaveOneOrgOut, hold: leaveOneOrgOut >= alarmLine(policy) };
}
