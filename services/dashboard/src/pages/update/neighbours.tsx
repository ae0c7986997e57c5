import { pathOf } from '../../frame/address';
import { Link } from '../../frame/link';
import { StandingBadge } from '../../parts/badges';
import { Time } from '../../parts/time';
import type { Update } from '../../read/answers';
import type { Suspect } from '../../read/incident-answers';
import { measure, percent } from '../../text/format';
import type { UpdateView } from './load-update';

/** What else was shipped at about the same time, and what speaks against it or for it. */
export function Neighbours({ view: { update, neighbours, changes } }: { view: UpdateView }) {
  if (update.shipped_at === null) return null;
  const weighed = changes.at(-1)?.other_suspects ?? [];
  return (
    <section class="card" aria-labelledby="neighbours-title">
      <h2 id="neighbours-title">Shipped within two hours of it</h2>
      {neighbours.length === 0 ? (
        <p class="quiet">No other update was.</p>
      ) : (
        <ul class="plain">
          {neighbours.map((each) => (
            <Neighbour key={`${each.update_channel} ${each.update_version}`} update={each} weighed={weighed} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Neighbour({ update, weighed }: { update: Update; weighed: Suspect[] }) {
  const { update_channel: channel, update_version: version, shipped_at: shipped, judgement } = update;
  const share = weighed.find((each) => each.update_channel === channel && each.update_version === version)?.confidence;
  return (
    <li>
      <Time at={shipped!} seconds />{' '}
      <Link to={pathOf.update(channel, version)} class="break strong">
        {version}
      </Link>{' '}
      <span class="quiet break">on {channel}</span>
      <span class="block">
        {judgement && <StandingBadge standing={judgement.standing} />}{' '}
        <span class="quiet">
          {[
            judgement && `ln E ${measure(judgement.statistic)}`,
            share !== undefined && `${percent(share)} of the blame`,
          ]
            .filter(Boolean)
            .join(', ')}
        </span>
      </span>
    </li>
  );
}
