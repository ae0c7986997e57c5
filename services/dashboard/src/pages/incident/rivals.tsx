import { pathOf } from '../../frame/address';
import { Link } from '../../frame/link';
import { Time } from '../../parts/time';
import type { Incident, Suspect } from '../../read/incident-answers';
import { duration, percent } from '../../text/format';
import { nameOf } from '../../text/incident-text';

/** All updates under way that could be to blame, with their shares of the blame. */
export function Rivals({ incident }: { incident: Incident }) {
  const { suspect, other_suspects: others, separable, first_crash_at: crash } = incident;
  if (suspect.update_channel === '') return null;
  return (
    <section class="card" aria-labelledby="rivals-title">
      <h2 id="rivals-title">Updates under way, and their share of the blame</h2>
      <p class="quiet">
        {separable
          ? 'Each share is what the crashes say of the update, beside the chance that none of them did it.'
          : 'The first two cannot be told apart: the same hosts took both.'}
      </p>
      <table class="bars">
        <thead>
          <tr>
            <th scope="col">Update</th>
            <th scope="col" class="number">
              Share
            </th>
          </tr>
        </thead>
        <tbody>
          {[suspect, ...others].map((each) => (
            <Rival key={`${each.update_channel} ${each.update_version}`} suspect={each} crash={crash} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Rival({ suspect, crash }: { suspect: Suspect; crash: string | null }) {
  const { update_channel: channel, update_version: version, shipped_at: shipped, confidence } = suspect;
  return (
    <tr>
      <th scope="row">
        <Link to={pathOf.update(channel, version)} class="break strong">
          {nameOf(suspect)}
        </Link>
        <span class="quiet block break">
          {channel}
          {shipped !== null && (
            <>
              , shipped <Time at={shipped} seconds /> UTC
            </>
          )}
          {shipped !== null &&
            crash !== null &&
            Date.parse(crash) >= Date.parse(shipped) &&
            `, ${duration(shipped, crash)} before the first crash`}
        </span>
        <svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
          <rect class="bar-all" width="100" height="6" />
          <rect class="bar-crash" width={confidence * 100} height="6" />
        </svg>
      </th>
      <td class="number strong">{percent(Math.min(confidence, 0.9999))}</td>
    </tr>
  );
}
