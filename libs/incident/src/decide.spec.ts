import fc from 'fast-check';
import { incidentChangeSchema } from './incident-change';
import { incidentIdOf } from './incident-id';
import { MINUTE, SECOND, START, Story, changesOf, content, lifeOf, range, seeded, signatures } from './made-up.fixture';

/** Many hosts of which a few take the update and crash, one every ten seconds. */
const guilty = (victims: number) => new Story(100_000).victims(0, range(0, victims), 10 * SECOND);

describe('the life of an incident', () => {
  it.each([
    { name: 'nothing, while fewer than five hosts crashed', story: guilty(4), life: [] },
    { name: 'opened at the fifth', story: guilty(5), life: ['content 1 opened open 5'] },
    {
      name: 'updated at each power of 4, whatever it was opened with',
      story: guilty(70),
      life: ['content 1 opened open 5', 'content 2 updated open 16', 'content 3 updated open 64'],
    },
    {
      name: 'mitigated when the update is withdrawn, and still told how it grows',
      story: guilty(17).acts('withdrawn', 60 * SECOND),
      life: ['content 1 opened mitigating 5', 'content 2 updated mitigating 16'],
    },
    {
      name: 'mitigated when it is paused, reopened when it goes on, mitigated when it is withdrawn',
      story: guilty(10)
        .acts('paused', 5 * MINUTE)
        .acts('expanded', 6 * MINUTE)
        .acts('withdrawn', 7 * MINUTE),
      life: [
        'content 1 opened open 5',
        'content 2 mitigated mitigating 10',
        'content 3 reopened open 10',
        'content 4 mitigated mitigating 10',
      ],
    },
  ])('$name', ({ story, life }) => expect(lifeOf(changesOf(story, 15 * MINUTE))).toEqual(life));

  it('escalates at a review when more hosts are at risk than when it opened, without another crash', () => {
    const story = new Story(2_000).victims(0, range(0, 5), 5 * MINUTE);
    for (const host of range(10, 50)) story.applies(host, 22 * MINUTE);
    const changes = changesOf(story, 30 * MINUTE);
    expect(changes.map(({ change, severity }) => `${change} ${severity}`)).toEqual(['opened sev3', 'escalated sev1']);
    expect(changes[1]!.detected_at).toBe(new Date(START + 23 * MINUTE).toISOString());
  });

  it('numbers its changes without a gap, names its tick and keeps the time of its opening', () => {
    const changes = changesOf(guilty(70).acts('withdrawn', 14 * MINUTE), 20 * MINUTE);
    expect(changes.map(({ sequence }) => sequence)).toEqual(changes.map((_, index) => index + 1));
    for (const change of changes) {
      expect(incidentChangeSchema.parse(change)).toEqual(change);
      expect(change.opened_at).toBe(changes[0]!.detected_at);
      expect(Date.parse(change.detected_at) % SECOND).toBe(0);
      expect(change.incident_id).toBe(incidentIdOf(content));
    }
    expect(changes.map(({ recommendation }) => recommendation)).toEqual(['halt', 'halt', 'halt', 'roll_back']);
    expect(Date.parse(changes[0]!.detected_at)).toBe(START + 61 * SECOND);
    expect(changes.at(-1)!.detected_at).toBe(new Date(START + 14 * MINUTE + SECOND).toISOString());
  });

  it('says how hosts failed: stop codes with their names, signatures with the rules that made them, and the leading bucket', () => {
    const { evidence } = changesOf(guilty(5), 5 * MINUTE)[0]!;
    const signature = '0x50 PAGE_FAULT_IN_NONPAGED_AREA | content.sys | read';
    expect(evidence).toMatchObject({
      stop_codes: [{ value: '0x00000050', hosts: 5, name: 'PAGE_FAULT_IN_NONPAGED_AREA' }],
      signatures: [
        { value: signature, hosts: 5, parts: [{ rule: 'stop_code' }, {}, { name: 'subtype', value: 'read' }] },
      ],
      signatures_total: 1,
      fine_signatures: [{ value: `${signature} | +0x0`, hosts: 5 }],
      other_stops: [],
      leading_bucket: { bucket: 'content.sys', level: 'driver' },
    });
    expect(evidence.terms.map(({ bucket }) => bucket)).toEqual(['content.sys', signature, '*']);
  });

  it('does not open again for what was decided before', () => {
    expect(changesOf(guilty(5), 20 * MINUTE)).toHaveLength(1);
  });
});

describe('blame', () => {
  const both: Array<[typeof content, number]> = [
    [signatures, 0],
    [content, SECOND],
  ];

  it('stays with the guilty one where an innocent update went to most of the same hosts', () => {
    const story = new Story(2_000, both);
    for (const host of range(0, 300)) {
      if (host % 10 < 7) story.applies(host, host * 2 * SECOND, signatures);
      if (host % 10 === 0) continue;
      story.applies(host, (host + 10) * 2 * SECOND);
      if (host % 3 === 0) story.crashes(host, (host + 20) * 2 * SECOND);
    }
    const changes = changesOf(story, 20 * MINUTE);
    expect(new Set(changes.map(({ suspect }) => suspect.update_channel))).toEqual(new Set(['content']));
    expect(changes.every(({ separable }) => separable)).toBe(true);
  });

  it('names both, with one confidence, the first shipped first, where nothing tells them apart', () => {
    const story = new Story(1_000, both).victims(MINUTE, range(0, 20), 10 * SECOND, [content, signatures]);
    const changes = changesOf(story, 10 * MINUTE);
    expect(lifeOf(changes)).toEqual(['signatures 1 opened open 5', 'signatures 2 updated open 16']);
    for (const { separable, suspect, other_suspects } of changes) {
      expect(separable).toBe(false);
      expect(other_suspects.map(({ update_channel }) => update_channel)).toEqual(['content']);
      expect(other_suspects[0]!.confidence).toBe(suspect.confidence);
      expect(suspect.confidence).toBeCloseTo(0.5, 3);
    }
  });

  it('moves when hosts that took only one of them speak, and the first incident names the second', () => {
    const story = new Story(1_000, both).victims(MINUTE, range(0, 20), 10 * SECOND, [content, signatures]);
    story.victims(6 * MINUTE, range(100, 112), 10 * SECOND, [content]);
    const changes = changesOf(story, 15 * MINUTE);
    expect(lifeOf(changes).slice(0, 4)).toEqual([
      'signatures 1 opened open 5',
      'signatures 2 updated open 16',
      'signatures 3 superseded resolved 20',
      expect.stringMatching(/^content 1 opened open \d+$/),
    ]);
    expect(changes[2]).toMatchObject({ superseded_by: incidentIdOf(content), recommendation: 'none' });
    expect(changes[3]).toMatchObject({ separable: true, superseded_by: null });
    expect(changes).toHaveLength(changes.filter(({ suspect }) => suspect.update_channel === 'content').length + 3);
  });

  it('comes back to an update that was cleared when hosts that took it alone crash as well', () => {
    const story = new Story(1_000, both).victims(MINUTE, range(0, 20), 10 * SECOND, [content, signatures]);
    story.victims(6 * MINUTE, range(100, 112), 10 * SECOND, [content]);
    story.victims(12 * MINUTE, range(200, 215), 10 * SECOND, [signatures]);
    const changes = changesOf(story, 20 * MINUTE);
    const cleared = changes.filter(({ suspect }) => suspect.update_channel === 'signatures');
    expect(cleared.map(({ change, sequence }) => `${sequence} ${change}`).slice(0, 4)).toEqual([
      '1 opened',
      '2 updated',
      '3 superseded',
      '4 reopened',
    ]);
    expect(cleared[3]).toMatchObject({ state: 'open', superseded_by: null, opened_at: cleared[0]!.opened_at });
  });

  it('names them together only as long as nothing tells them apart', () => {
    const story = new Story(1_000, both).victims(MINUTE, range(0, 15), 10 * SECOND, [content, signatures]);
    story.victims(6 * MINUTE, range(100, 150), 5 * SECOND, [signatures]);
    const changes = changesOf(story, 15 * MINUTE);
    expect(changes.map(({ suspect }) => suspect.update_channel)).toEqual(changes.map(() => 'signatures'));
    expect(changes[0]).toMatchObject({ separable: false });
    expect(changes.at(-1)).toMatchObject({ separable: true, change: 'updated', other_suspects: [] });
    expect(changes.at(-1)!.suspect.confidence).toBeGreaterThan(0.99);
  });

  it('opens two incidents, each sure of its own, where two updates hit different hosts, each at its own tick', () => {
    const story = new Story(2_000, both).victims(0, range(0, 60), 5 * SECOND, [signatures]);
    for (const [index, host] of range(1_000, 1_012).entries()) {
      story.applies(host, MINUTE + index * 5 * SECOND).crashes(host, 2 * MINUTE + index * 7 * SECOND, 'other.sys');
    }
    const changes = changesOf(story, 15 * MINUTE);
    const openings = changes.filter(({ change }) => change === 'opened');
    expect(openings.map(({ suspect }) => suspect.update_channel)).toEqual(['signatures', 'content']);
    expect(openings.map(({ detected_at }) => (Date.parse(detected_at) - START) / SECOND)).toEqual([41, 156]);
    for (const { suspect, other_suspects, separable } of openings) {
      expect([other_suspects, separable]).toEqual([[], true]);
      expect(suspect.confidence).toBeGreaterThan(0.999);
    }
  });

  it('names no rival under a confidence of 0.001', () => {
    const story = new Story(2_000, both);
    for (const host of range(0, 40)) story.applies(host, host * 5 * SECOND, signatures);
    story.victims(MINUTE, range(0, 40), 10 * SECOND);
    story.victims(MINUTE, range(100, 160), 10 * SECOND);
    const changes = changesOf(story, 15 * MINUTE);
    expect(changes.length).toBeGreaterThan(1);
    const last = changes.at(-1)!;
    expect(last).toMatchObject({ suspect: { update_channel: 'content' }, other_suspects: [] });
    for (const { other_suspects } of changes) {
      for (const { confidence } of other_suspects) expect(confidence).toBeGreaterThanOrEqual(0.001);
    }
  });
});

describe('the same input', () => {
  const story = () => {
    const told = new Story(800, [
      [signatures, 0],
      [content, 30 * SECOND],
    ]);
    const random = seeded(7);
    for (const host of range(0, 120)) {
      told.applies(host, Math.floor(random() * 8 * MINUTE), signatures);
      const applied = Math.floor(random() * 10 * MINUTE);
      if (host % 4 !== 0) told.applies(host, applied);
      if (host % 2 === 0)
        told.crashes(host, applied + Math.floor(random() * MINUTE), host % 8 ? 'content.sys' : 'x.sys');
      if (host % 5 === 0) told.crashes(host, Math.floor(random() * 12 * MINUTE), `other-${host % 3}.sys`);
    }
    return told
      .acts('paused', 6 * MINUTE)
      .acts('expanded', 8 * MINUTE)
      .acts('withdrawn', 9 * MINUTE);
  };
  const bytes = (mix?: (rows: unknown[]) => unknown[]) =>
    changesOf(story(), 15 * MINUTE, mix)
      .map((change) => JSON.stringify(change))
      .join('\n');

  it('gives the same bytes, in whatever order it came within a tick', () => {
    const expected = bytes();
    expect(expected.split('\n').length).toBeGreaterThan(3);
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = seeded(seed);
        const shuffle = (rows: unknown[]) =>
          rows
            .map((row) => ({ row, at: random() }))
            .sort((a, b) => a.at - b.at)
            .map(({ row }) => row);
        expect(bytes(shuffle)).toBe(expected);
      }),
      { numRuns: 10 },
    );
  });
});
