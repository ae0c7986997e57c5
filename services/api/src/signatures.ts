import { foldStopCodeTwin, formatStopCode } from '@ringwatch/bugcheck';
import { type CountedKind, type KindSelection, failureKinds, hostsOfKinds, sharesOfKinds } from '@ringwatch/clickhouse';
import { type Signature, signatureOf, subtypes } from '@ringwatch/signature';
import { orgsAskedFor } from './caller';
import { Problem } from './problem';
import type { SignaturesQuery } from './signature-answers';
import type { Store } from './store';

/** Ways to fail that one question tells apart; beyond this the rarest are left out, and the answer says so. */
const MOST_KINDS = 2_000;
const MOST_SHARES = 20;
const TWIN_BIT = 0x10000000;

/** Which parameter tells the kinds of a stop code apart, for the codes and for their twins. */
const subtypeParameters: ReadonlyMap<number, number> = new Map(
  Object.entries(subtypes).flatMap(([code, { parameter }]) =>
    [Number(code), Number(code) + TWIN_BIT]
      .filter((each) => foldStopCodeTwin(each) === Number(code))
      .map((each) => [each, parameter] as const),
  ),
);

/** All ways to fail that have one signature, counted together. */
interface CountedSignature {
  signature: Signature;
  kinds: CountedKind[];
  crashes: number;
  hosts: number;
}

type Range = Pick<SignaturesQuery, 'since' | 'until'>;

/** Counts crashes and hosts by failure signature, most hosts first. */
export async function readSignatures(store: Store, query: SignaturesQuery) {
  const filters = { ...query, org_id: orgsAskedFor(store.orgs, query.org_id) };
  const selection = { ...query, filters, subtypeParameters };
  const kinds = await store.ask('failure-kinds', (db) => failureKinds(db, selection, MOST_KINDS + 1));
  const counted = await countSignatures(store, selection, kinds.slice(0, MOST_KINDS));
  return {
    signatures: counted.slice(0, query.limit).map(toWire),
    truncated: counted.length > query.limit || kinds.length > MOST_KINDS,
  };
}

/** One signature: its parts with the rules that made them, and where it is seen. @throws Problem 404 where it is not. */
export async function readSignature(store: Store, text: string, range: Range) {
  const selection = { ...range, filters: { ...filtersOf(text), org_id: store.orgs }, subtypeParameters };
  const kinds = await store.ask('failure-kinds', (db) => failureKinds(db, selection, MOST_KINDS));
  const [found] = (await countSignatures(store, selection, kinds)).filter(({ signature }) => signature.text === text);
  if (found === undefined) throw new Problem('not_found', `no crash has the signature ${text}`);
  const shares = await store.ask('shares-of-kinds', (db) =>
    sharesOfKinds(db, selection, { kinds: found.kinds, most: MOST_SHARES }),
  );
  const of = (name: string) =>
    shares
      .filter(({ dimension, value }) => dimension === name && value !== '')
      .map(({ value, crashes, hosts }) => ({ value, crashes, hosts }));
  return {
    ...toWire(found),
    stop_codes: [...new Set(found.kinds.map(({ code }) => formatStopCode(code)))].sort(),
    drivers: [...new Set(found.kinds.map(({ driver }) => driver))].sort(),
    updates: shares
      .filter(({ dimension, value }) => dimension === 'update' && value !== '')
      .map(({ value, version, crashes, hosts }) => ({
        update_channel: value,
        update_version: version,
        crashes,
        hosts,
      })),
    driver_versions: of('driver_version'),
    os_builds: of('os_build'),
    countries: of('country'),
    orgs: of('org_id'),
  };
}

/** Hosts do not add up: where a signature is made of several ways to fail, its hosts are counted again. */
async function countSignatures(
  store: Store,
  selection: KindSelection,
  kinds: readonly CountedKind[],
): Promise<CountedSignature[]> {
  const byText = new Map<string, { signature: Signature; kinds: CountedKind[] }>();
  for (const kind of kinds) {
    const signature = signatureOfKind(kind);
    const group = byText.get(signature.text) ?? { signature, kinds: [] };
    byText.set(signature.text, group);
    group.kinds.push(kind);
  }
  const groups = [...byText.values()];
  const several = groups.filter((group) => group.kinds.length > 1);
  const hosts = await store.ask('hosts-of-kinds', (db) =>
    hostsOfKinds(
      db,
      selection,
      several.map((group) => group.kinds),
    ),
  );
  const hostsOf = new Map(several.map((group, index) => [group, hosts[index]!]));
  return groups
    .map((group) => ({
      ...group,
      crashes: group.kinds.reduce((sum, { crashes }) => sum + crashes, 0),
      hosts: hostsOf.get(group) ?? group.kinds[0]!.hosts,
    }))
    .sort((a, b) => b.hosts - a.hosts || b.crashes - a.crashes || (a.signature.text < b.signature.text ? -1 : 1));
}

/** The coarse signature of a way to fail; the parameters that do not tell kinds apart are no part of it. */
function signatureOfKind({ code, driver, value }: CountedKind): Signature {
  const parameters = [0n, 0n, 0n, 0n];
  parameters[(subtypeParameters.get(code) ?? 1) - 1] = value;
  return signatureOf({ bugcheck_code: code, bugcheck_parameters: parameters, driver, fault_offset: null });
}

/** What a signature's text says of its crashes: the stop code, also as twin. Its driver may have been written otherwise. */
function filtersOf(text: string): { bugcheck_code: number[] } {
  const code = Number(/^0x[0-9A-F]{1,8}(?= |$)/.exec(text)?.[0] ?? NaN);
  if (Number.isNaN(code)) throw new Problem('not_found', `no crash has the signature ${text}`);
  return { bugcheck_code: [code, code + TWIN_BIT].filter((each) => each <= 0xffffffff) };
}

function toWire({ signature, kinds, crashes, hosts }: CountedSignature) {
  return {
    signature: signature.text,
    parts: signature.parts.filter(({ name }) => name !== 'offset'),
    crashes,
    hosts,
    first_crash_at: new Date(Math.min(...kinds.map(({ firstMs }) => firstMs))),
    last_crash_at: new Date(Math.max(...kinds.map(({ lastMs }) => lastMs))),
  };
}
