import { type Share, ShareTable } from '../../parts/share-table';
import type { Evidence } from '../../read/incident-answers';
import { count, words } from '../../text/format';

/** Where it strikes: crashed hosts that had applied the suspect, by what they have in common. */
export function Spread({ evidence, names }: { evidence: Evidence; names: Record<string, string> }) {
  const { stop_codes, countries, orgs, os_builds, signatures, other_stops: others } = evidence;
  return (
    <section aria-label="Where it strikes">
      <div class="spread">
        <ShareTable title="Countries" shares={countries.map(named(countryName))} total={evidence.countries_total} />
        <ShareTable title="Organisations" shares={orgs} total={evidence.orgs_total} />
        <ShareTable title="OS builds" shares={os_builds} total={evidence.os_builds_total} />
        <ShareTable
          title="Stop codes"
          shares={stop_codes.map(named((code) => names[code]))}
          total={evidence.stop_codes_total}
        />
        {signatures.length > 0 && (
          <ShareTable title="Failure signatures" shares={signatures} total={evidence.signatures_total} />
        )}
      </div>
      {others.length > 0 && (
        <p class="quiet spaced">
          Beside these, hosts that had applied it stopped in ways that are no driver's fault and count nowhere:{' '}
          {others.map(({ kind, hosts }) => `${count(hosts)} ${words(kind)}`).join(', ')}.
        </p>
      )}
    </section>
  );
}

const named =
  (nameOf: (value: string) => string | undefined) =>
  (share: Share): Share => ({ ...share, name: nameOf(share.value) });

const regions = new Intl.DisplayNames('en', { type: 'region' });

function countryName(code: string): string | undefined {
  if (code === 'ZZ') return 'Unknown';
  try {
    return regions.of(code);
  } catch {
    return undefined;
  }
}
