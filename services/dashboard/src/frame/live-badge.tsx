import type { Status } from '../read/answers';
import { read } from '../read/read';
import { useStreamState, useToldStatus } from '../read/stream';
import { useLive } from '../read/use-live';
import { clock } from '../text/format';

/** Whether the page follows by itself, and up to when its figures go: what arrived before is in them. */
export function LiveBadge() {
  const state = useStreamState();
  const told = useToldStatus();
  const { answer } = useLive('status', (signal) => read<Status>('status', {}, signal));
  const status = state === 'live' ? (told ?? answer) : answer;
  const upTo = status?.closed_until ?? status?.newest_event_at;
  return (
    <p class="quiet tabular up-to">
      <span role="status">
        {state === 'live' && <span class="live">live</span>}
        {state === 'lost' && <span class="paused">paused, read every 5 s</span>}
      </span>{' '}
      {upTo ? `figures up to ${upTo.slice(0, 10)} ${clock(upTo, true)} UTC` : 'no figures yet'}
    </p>
  );
}
