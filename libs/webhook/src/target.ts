import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isPublicAddress } from './public-address';

/** Which targets may be spoken to beside public ones over https. */
export interface TargetPolicy {
  /** Names or addresses, as they stand in the URL, that may be private and may be reached over plain http. */
  allowedHosts: readonly string[];
}

/** One address that a name stands for. */
export interface HostAddress {
  address: string;
  family: number;
}

/** Asks the name service for every address of a host. Rejects when there is none. */
export type Resolve = (host: string) => Promise<HostAddress[]>;

/** Where to connect: addresses that were checked, or why it is not done. */
export type TargetCheck = { kind: 'open'; addresses: HostAddress[] } | { kind: 'refused'; reason: string };

/** The name service of this machine. */
export const resolveHost: Resolve = (host) => lookup(host, { all: true, verbatim: true });

/** What is wrong with a target, as far as its URL tells, in words that do not show it; undefined when it may be tried. */
export function problemWithTarget(address: string, policy: TargetPolicy): string | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined) return 'wanted an https address, got something that is not a URL';
  const allowed = isAllowed(url, policy);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && allowed))
    return `wanted an https address, got ${url.protocol.slice(0, -1)} (http only for hosts that are allowed by name)`;
  if (url.username !== '' || url.password !== '') return 'wanted an address without user name and password in it';
  const host = hostOf(url);
  if (!allowed && isIP(host) !== 0 && !isPublicAddress(host))
    return 'wanted a public address, got a private, loopback, link-local or reserved one that is not allowed by name';
  return undefined;
}

/**
 * Resolves a target and checks every address it stands for; one that is not public refuses the target, unless its host is
 * allowed by name. The caller has to connect to one of the addresses given back: asking again could give others.
 */
export async function checkTarget(url: URL, policy: TargetPolicy, resolve: Resolve): Promise<TargetCheck> {
  const problem = problemWithTarget(url.href, policy);
  if (problem !== undefined) return { kind: 'refused', reason: problem };
  const host = hostOf(url);
  const family = isIP(host);
  if (family !== 0) return { kind: 'open', addresses: [{ address: host, family }] };
  const addresses = await resolve(host);
  if (addresses.length === 0) return { kind: 'refused', reason: 'its name stands for no address' };
  if (isAllowed(url, policy) || addresses.every(({ address }) => isPublicAddress(address)))
    return { kind: 'open', addresses };
  return { kind: 'refused', reason: 'its name stands for an address that is not public and not allowed' };
}

function isAllowed(url: URL, { allowedHosts }: TargetPolicy): boolean {
  const host = hostOf(url);
  return allowedHosts.some((allowed) => bare(allowed) === host);
}

function hostOf(url: URL): string {
  return bare(url.hostname);
}

/** Lower case, without the brackets of IPv6 and the dot at the end of a full name. */
function bare(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
}
