import { Update, updateKey } from '@ringwatch/rollout';

/**
 * The id of the incident about an update: a function of the update alone, so that whoever decides, however often and on
 * whatever day, speaks of the same incident. Readable, safe in URLs, and told apart by a 64-bit FNV-1a hash.
 */
export function incidentIdOf(update: Update): string {
  let id = known.get(update);
  if (id === undefined) {
    id = [slug(update.channel), slug(update.version), fnv1a(updateKey(update))].join('-');
    known.set(update, id);
  }
  return id;
}

/** It is asked for each update under watch at each tick. */
const known = new WeakMap<Update, string>();

const HOUR_MS = 60 * 60 * 1000;

/** The id of an incident without a suspect: a function of what crashes and of the arrival hour in which it opened (ms). */
export function spikeIdOf(driver: string, openedAt: number): string {
  const hour = new Date(Math.floor(openedAt / HOUR_MS) * HOUR_MS).toISOString().slice(0, 13);
  return ['spike', slug(driver), slug(hour), fnv1a(`${driver}\u0000${hour}`)].join('-');
}

function slug(text: string): string {
  const plain = text.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return plain.replace(/^-+|-+$/g, '').slice(0, 48) || 'none';
}

const OFFSET_BASIS = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;

/** FNV-1a over UTF-16 code units. Source: draft-eastlake-fnv. */
function fnv1a(text: string): string {
  let hash = OFFSET_BASIS;
  for (let index = 0; index < text.length; index++) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(index))) * PRIME);
  }
  return hash.toString(16).padStart(16, '0');
}
