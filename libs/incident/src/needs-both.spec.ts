import { type SampledEvidence, Watch, defaultPolicy } from '@ringwatch/detection';
import { updateKey } from '@ringwatch/rollout';
import { decide } from './decide';
import type { IncidentChange } from './incident-change';
import { MINUTE, START, Story, content, emptyBatch, range, signatures } from './made-up.fixture';

const HOSTS = 1_500;
const HALF = 20 * MINUTE;

/** Every third host takes one update, every second the other, over 40 minutes; of those with both, every third crashes. */
function story(): Story {
  const told = new Story(HOSTS, [
    [content, 0],
    [signatures, 0],
  ]);
  for (const host of range(0, HOSTS)) {
    const at = ((host * 7_919) % HOSTS) * ((2 * HALF) / HOSTS);
    const takes = { content: host % 3 === 0, signatures: host % 2 === 0 };
    if (takes.content) told.applies(host, at, content);
    if (takes.signatures) told.applies(host, at, signatures);
    if (takes.content && takes.signatures && host % 9 === 0) told.crashes(host, at + 30_000, 'ntfs.sys');
  }
  return told;
}

/** What the sample hears: here of every host, what it runs and what it took before a time. */
function sampled({ batch }: Story, until: number): SampledEvidence {
  const names = range(0, HOSTS).map((host) => `h${host}`);
  const life = { orgId: 'o', country: 'US', osBuild: 'b', level: 9, receivedAt: START, beats: [START] };
  const signs = names.map((hostId) => ({ ...life, hostId, leastDelayMs: 0, installedAt: null, stoppedAt: null }));
  const channels = names.flatMap((hostId) =>
    [content, signatures].map(({ channel }) => ({ hostId, level: 9, channel, receivedAt: START })),
  );
  const applies = batch.hostApplies
    .filter(({ receivedAt }) => receivedAt < START + until)
    .map(({ update, ...each }) => ({ ...each, level: 9, updateKey: updateKey(update) }));
  return { signs, channels, applies };
}

/** Decides twice, half way and at the end; `heard`: has the sample heard of installs at these times? */
function changesOf(told: Story, heard: readonly [boolean, boolean]): IncidentChange[] {
  const watch = new Watch(defaultPolicy);
  const latest = new Map<string, IncidentChange>();
  return [HALF, 2 * HALF + MINUTE].flatMap((until, index) => {
    const batch = emptyBatch();
    const since = index === 0 ? -Infinity : HALF;
    for (const kind of Object.keys(batch) as Array<keyof typeof batch>) {
      const rows = (told.batch[kind] as Array<{ receivedAt: number }>).filter(
        ({ receivedAt }) => receivedAt - START >= since && receivedAt - START < until,
      );
      (batch[kind] as unknown[]) = rows;
    }
    const touched = watch.absorb(batch);
    if (heard[index]) watch.silences.sample.absorb(sampled(told, until), () => true);
    const { changes } = decide(watch, { touched, actions: [] }, latest, START + until);
    for (const change of changes) latest.set(change.incident_id, change);
    return changes;
  });
}

const namesOf = ({ suspect, other_suspects }: IncidentChange) =>
  [suspect, ...other_suspects].map(({ update_channel }) => update_channel).sort();

describe('updates that crash hosts only together', () => {
  it('have one incident, which names both with one confidence', () => {
    const changes = changesOf(story(), [true, true]);
    expect(changes[0]).toMatchObject({ change: 'opened', separable: false });
    for (const change of changes) {
      expect(namesOf(change)).toEqual(['content', 'signatures']);
      expect(change.other_suspects[0]!.confidence).toBe(change.suspect.confidence);
    }
  });

  it('are blamed on one of them until the sample shows that it takes both', () => {
    const changes = changesOf(story(), [false, true]);
    expect(changes[0]).toMatchObject({ change: 'opened', separable: true, suspect: { update_channel: 'content' } });
    expect(changes.at(-1)).toMatchObject({ separable: false, incident_id: changes[0]!.incident_id });
    expect(namesOf(changes.at(-1)!)).toEqual(['content', 'signatures']);
  });
});
