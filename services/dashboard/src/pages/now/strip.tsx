import type { CountedPicture, Now } from './load-now';
import { nowAgainstBefore } from './crash-series';
import { clock, count, measure } from '../../text/format';

/** The page in four figures. */
export function Strip({ now, drawn }: { now: Now; drawn: CountedPicture | undefined }) {
  const pace = drawn && nowAgainstBefore(drawn.picture);
  const { status, incidents, updates } = now;
  const newest = updates
    .flatMap((update) => update.shipped_at ?? [])
    .sort()
    .at(-1);
  return (
    <dl class="strip">
      <Tile name="Open incidents" value={count(incidents.length)} loud={incidents.length > 0}>
        {incidents.length === 0 ? 'all quiet' : severities(now)}
      </Tile>
      <Tile name="Crashes per minute" value={pace === undefined ? '…' : measure(pace.now)}>
        {pace === undefined ? 'nothing to compare yet' : `last 5 min; ${measure(pace.before)} in the hour before`}
      </Tile>
      <Tile name="Hosts crashed" value={drawn === undefined ? '…' : count(drawn.crashedHosts)}>
        in this window, of {count(status.hosts)} known
      </Tile>
      <Tile name="Updates watched" value={count(status.updates)}>
        {newest === undefined ? 'none announced yet' : `newest shipped ${clock(newest)} UTC`}
      </Tile>
    </dl>
  );
}

function severities({ incidents }: Now): string {
  const names = ['sev1', 'sev2', 'sev3'] as const;
  const counts = names.map((name) => ({ name, count: incidents.filter(({ severity }) => severity === name).length }));
  return counts
    .filter((one) => one.count > 0)
    .map((one) => `${one.count} ${one.name}`)
    .join(', ');
}

interface TileProps {
  name: string;
  value: string;
  loud?: boolean;
  children: preact.ComponentChildren;
}

function Tile({ name, value, loud = false, children }: TileProps) {
  return (
    <div class={loud ? 'tile loud' : 'tile'}>
      <dt>{name}</dt>
      <dd class="value tabular">{value}</dd>
      <dd class="quiet tabular">{children}</dd>
    </div>
  );
}
