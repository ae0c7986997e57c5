import { BlockList, isIPv4, isIPv6 } from 'node:net';

/**
 * IPv4 ranges that are not for the public (IANA special-purpose registry, RFC 6890 and its updates), multicast and
 * reserved space, and 168.63.129.16, the platform address of Azure's hosts. Metadata services stand in 169.254.0.0/16
 * and, at Alibaba, in 100.64.0.0/10.
 */
const closedIPv4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];

/**
 * Within 2000::/3, the only public space of IPv6: Teredo (2001::/32) and other protocols, documentation, 6to4 (2002::/16), and
 * the sinks of AS112. Teredo and 6to4 wrap IPv4, and no receiver of today is behind them.
 */
const closedIPv6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'];

const closed = blockListOf(closedIPv4, closedIPv6);
const global = blockListOf([], ['2000::/3']);

/** True for an address that anyone on the internet could have: not loopback, private, link-local, metadata or reserved. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !closed.check(address, 'ipv4');
  if (!isIPv6(address)) return false;
  const groups = groupsOf(address);
  const lastTwo = ipv4Of(groups.slice(6));
  if (wrappers.has(groups.slice(0, 6).join(':'))) return isPublicAddress(lastTwo);
  if (isIsatap(groups) && !isPublicAddress(lastTwo)) return false;
  return global.check(address, 'ipv6') && !closed.check(address, 'ipv6');
}

/** Prefixes behind which an IPv4 address stands: mapped (::ffff:0:0/96) and translated (64:ff9b::/96). */
const wrappers = new Set(['0:0:0:0:0:ffff', '64:ff9b:0:0:0:0']);

/** A tunnel to an IPv4 address, behind any prefix (RFC 5214). */
function isIsatap(groups: readonly string[]): boolean {
  return (groups[4] === '0' || groups[4] === '200') && groups[5] === '5efe';
}

/** The eight groups of an IPv6 address, in lower case without leading zeros. */
function groupsOf(address: string): string[] {
  const withoutZone = address.replace(/%.*$/, '');
  const [head = '', tail] = new URL(`http://[${withoutZone}]/`).hostname.slice(1, -1).split('::');
  const [before, after] = [head, tail ?? ''].map((part) => part.split(':').filter((group) => group !== ''));
  return [...before!, ...Array<string>(8 - before!.length - after!.length).fill('0'), ...after!];
}

function ipv4Of(groups: readonly string[]): string {
  const [high, low] = groups.map((group) => parseInt(group, 16)) as [number, number];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

function blockListOf(ipv4: string[], ipv6: string[]): BlockList {
  const list = new BlockList();
  const add = (range: string, family: 'ipv4' | 'ipv6') => {
    const [address, bits] = range.split('/') as [string, string];
    list.addSubnet(address, Number(bits), family);
  };
  ipv4.forEach((range) => add(range, 'ipv4'));
  ipv6.forEach((range) => add(range, 'ipv6'));
  return list;
}
