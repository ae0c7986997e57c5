import { type SampledEvidence, Watch, defaultPolicy } from '@ringwatch/detection';
import { updateKey } from '@ringwatch/rollout';
import { decide } from './decide';
import type { IncidentChange } from './incident-change';
import { MINUTE, START, Story, content, range, seeded } from './made-up.fixture';

/** Of seven organisations each has so many hosts. */
const OF_EACH = 600;
const HOSTS = 7 * OF_EACH;
const UNTIL = 60 * MINUTE;
const isOfOrg3 = (host: number) => host % 7 === 3;

/** What the sample hears, here of every host: its organisation, the channel, and what it took. */
function sampled({ batch }: Story, orgOf: (host: number) => string): SampledEvidence {
  const names = range(0, HOSTS).map((host) => ({ hostId: `h${host}`, orgId: orgOf(host) }));
  const life = { country: 'US', osBuild: 'b', level: 9, receivedAt: START, beats: [START] };
  return {
    signs: names.map((name) => ({ ...life, ...name, leastDelayMs: 0, installedAt: null, stoppedAt: null })),
    channels: names.map(({ hostId }) => ({ hostId, level: 9, channel: content.channel, receivedAt: START })),
    applies: batch.hostApplies.map(({ update, ...each }) => ({ ...each, level: 9, updateKey: updateKey(update) })),
  };
}

function changesOf(story: Story, orgOf = (host: number) => `o${host % 7}`): IncidentChange[] {
  const watch = new Watch(defaultPolicy);
  const crashes = story.batch.crashes.map((crash) => ({ ...crash, orgId: orgOf(Number(crash.hostId.slice(1))) }));
  const touched = watch.absorb({ ...story.batch, crashes });
  watch.silences.sample.absorb(sampled(story, orgOf), () => true);
  return decide(watch, { touched, actions: [] }, new Map(), START + UNTIL).changes;
}

describe('an update that is followed by crashes in one organisation only', () => {
  it('has an incident of that organisation where its own hosts show it', () => {
    const random = seeded(3);
    const story = new Story(HOSTS);
    for (const host of range(0, HOSTS)) {
      if (random() > 0.3) continue;
      const at = random() * 40 * MINUTE;
      story.applies(host, at, content);
      if (isOfOrg3(host) && random() < 0.5) story.crashes(host, at + MINUTE);
    }
    expect(changesOf(story)).toEqual([
      expect.objectContaining({ scope: 'single_org', severity: 'sev3', recommendation: 'investigate' }),
    ]);
  });

  it('has none where that organisation took it first and has trouble of its own', () => {
    const random = seeded(4);
    const story = new Story(HOSTS);
    for (const host of range(0, HOSTS)) {
      if (isOfOrg3(host) && random() < 0.4) story.applies(host, random() * 5 * MINUTE, content);
      if (isOfOrg3(host) && random() < 0.3) story.crashes(host, 6 * MINUTE + random() * 40 * MINUTE);
    }
    expect(changesOf(story)).toEqual([]);
  });

  it('has none where the hosts of a site that took it crash together, by what stopped the site', () => {
    const random = seeded(7);
    const story = new Story(HOSTS);
    const isOfSite = (host: number) => isOfOrg3(host) && host < HOSTS / 4;
    for (const host of range(0, HOSTS)) {
      if (isOfSite(host) || (!isOfOrg3(host) && random() < 0.3)) story.applies(host, random() * 5 * MINUTE, content);
      if (isOfSite(host) && random() < 0.5) story.crashes(host, 6 * MINUTE);
    }
    expect(changesOf(story)).toEqual([]);
  });

  it('has none where three small organisations alone tell of crashes', () => {
    const random = seeded(6);
    const story = new Story(HOSTS);
    const isSmall = (host: number) => host % 80 === 0;
    for (const host of range(0, HOSTS)) {
      if (random() > 0.3) continue;
      const at = random() * 40 * MINUTE;
      story.applies(host, at, content);
      if (isSmall(host)) story.crashes(host, at + MINUTE);
    }
    expect(changesOf(story, (host) => (isSmall(host) ? `small-${host % 3}` : `o${host % 7}`))).toEqual([]);
    expect(changesOf(story)).toEqual([expect.objectContaining({ scope: 'global' })]);
  });

  it('has none while few have taken it, where the first crashes are of three small organisations, of none in the sample', () => {
    const random = seeded(8);
    const story = new Story(HOSTS);
    const orgOf = (host: number) => (host >= HOSTS - 24 ? `small-${host % 3}` : `o${host % 200}`);
    for (const host of range(0, HOSTS)) if (random() < 0.005) story.applies(host, random() * 4 * MINUTE, content);
    for (const host of range(HOSTS, HOSTS + 9)) {
      story.applies(host, random() * 4 * MINUTE, content);
      story.crashes(host, 5 * MINUTE);
    }
    expect(changesOf(story, orgOf)).toEqual([]);
    const others = (host: number) => `o${host % 200}`;
    expect(changesOf(story, others)).toEqual([expect.objectContaining({ change: 'opened' })]);
  });

  it('is not its trouble alone where others show it as well', () => {
    const random = seeded(5);
    const story = new Story(HOSTS);
    for (const host of range(0, HOSTS)) {
      if (random() > 0.3) continue;
      const at = random() * 40 * MINUTE;
      story.applies(host, at, content);
      if (random() < (isOfOrg3(host) ? 1 : 0.015)) story.crashes(host, at + MINUTE);
    }
    expect(changesOf(story)).toEqual([expect.objectContaining({ scope: 'global', recommendation: 'halt' })]);
  });
});
