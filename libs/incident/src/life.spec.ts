import fc from 'fast-check';
import { incidentIdOf } from './incident-id';
import {
  MINUTE,
  SECOND,
  START,
  Story,
  changesOf,
  content,
  decisionsOf,
  lifeOf,
  range,
  seeded,
} from './made-up.fixture';

/** Hosts that take the update and crash, one every `every`. */
const guilty = (victims: number, every = 10 * SECOND) => new Story(100_000).victims(0, range(0, victims), every);
const short = (story: Story, until: number) =>
  changesOf(story, until).map(({ sequence, change, state, muted }) =>
    [sequence, change, state, ...(muted ? ['muted'] : [])].join(' '),
  );

describe('what people do', () => {
  it('is a change each, with who and when, and leaves the evidence as it was told', () => {
    const story = guilty(6)
      .does('acknowledge', 70 * SECOND, { text: 'mine' })
      .does('assign', 71 * SECOND, { assignee: 'ben' })
      .does('comment', 72 * SECOND, { text: 'the vendor answered', actor: 'ben' })
      .does('resolve', 90 * SECOND, { actor: 'ben' });
    const { changes, answers } = decisionsOf(story, 2 * MINUTE);
    expect(changes.map(({ change, state, reason }) => [change, state, reason])).toEqual([
      ['opened', 'open', expect.stringContaining('5 hosts crashed')],
      ['acknowledged', 'acknowledged', 'ann acknowledged it'],
      ['assigned', 'acknowledged', 'ann assigned it to ben'],
      ['commented', 'acknowledged', 'ben commented'],
      ['resolved', 'resolved', 'ben resolved it'],
    ]);
    expect(changes[1]!.action).toMatchObject({ event_id: 'a0', actor: 'ann', text: 'mine' });
    expect(changes[1]!.detected_at).toBe(new Date(START + 71 * SECOND).toISOString());
    expect(changes.at(-1)).toMatchObject({ acknowledged_by: 'ann', assignee: 'ben', recommendation: 'none' });
    expect(new Set(changes.map(({ evidence }) => JSON.stringify(evidence))).size).toBe(1);
    expect(answers.map(({ outcome }) => outcome)).toEqual(['taken', 'taken', 'taken', 'taken']);
  });

  it('is answered where it changes nothing: no such incident, an ended one, one that stands so already', () => {
    const story = guilty(6)
      .does('acknowledge', 50 * SECOND)
      .does('acknowledge', 70 * SECOND)
      .does('acknowledge', 71 * SECOND)
      .does('unmute', 72 * SECOND)
      .does('mute', 73 * SECOND, { muted_until: START })
      .does('comment', 74 * SECOND, { incident_id: 'nobody-knows-it' })
      .does('resolve', 75 * SECOND)
      .does('comment', 76 * SECOND, { text: 'too late' });
    const { changes, answers } = decisionsOf(story, 2 * MINUTE);
    expect(changes.map(({ change }) => change)).toEqual(['opened', 'acknowledged', 'resolved']);
    expect(answers.map(({ outcome }) => outcome)).toEqual([
      'unknown_incident',
      'taken',
      'without_effect',
      'without_effect',
      'without_effect',
      'unknown_incident',
      'taken',
      'ended_incident',
    ]);
  });

  it('comes before what the detector decides at the same tick, and neither is lost', () => {
    // The sixteenth host crashes, the vendor withdraws and somebody acknowledges within one second.
    const story = guilty(16)
      .acts('withdrawn', 170 * SECOND)
      .does('acknowledge', 170 * SECOND);
    expect(lifeOf(changesOf(story, 3 * MINUTE))).toEqual([
      'content 1 opened open 5',
      'content 2 acknowledged acknowledged 5',
      'content 3 mitigated mitigating 16',
    ]);
  });

  it('does not hang on the order within a tick', () => {
    const story = guilty(20)
      .does('acknowledge', 100 * SECOND)
      .does('acknowledge', 100 * SECOND + 1, { actor: 'ben' })
      .does('comment', 100 * SECOND, { text: 'first', event_id: 'z' })
      .does('mute', 100 * SECOND + 2, { muted_factor: 4 });
    const bytes = (mix?: (rows: unknown[]) => unknown[]) => JSON.stringify(changesOf(story, 4 * MINUTE, mix));
    const expected = bytes();
    expect(bytes((rows) => [...rows].reverse())).toBe(expected);
  });

  it('gives the same bytes when incidents are read back from their JSON at any tick', () => {
    const story = guilty(20)
      .does('acknowledge', 100 * SECOND)
      .does('mute', 110 * SECOND, { muted_factor: 2 })
      .acts('withdrawn', 4 * MINUTE);
    const bytes = (forgets: (tick: number) => boolean) =>
      JSON.stringify(decisionsOf(story, 30 * MINUTE, undefined, forgets).changes);
    const expected = bytes(() => false);
    expect(bytes(() => true)).toBe(expected);
    const random = seeded(3);
    expect(bytes(() => random() < 0.3)).toBe(expected);
  });
});

describe('a mute', () => {
  it('marks changes until its time, and then says what was missed', () => {
    const story = guilty(70).does('mute', 80 * SECOND, { muted_until: START + 8 * MINUTE });
    expect(short(story, 15 * MINUTE)).toEqual([
      '1 opened open',
      '2 muted open muted',
      '3 updated open muted',
      '4 unmuted open',
      '5 updated open',
    ]);
  });

  it('ends without a word when there is nothing to say', () => {
    const story = guilty(6).does('mute', 80 * SECOND, { muted_until: START + 8 * MINUTE });
    expect(short(story, 15 * MINUTE)).toEqual(['1 opened open', '2 muted open muted']);
  });

  it('ends when so many times as many hosts have crashed', () => {
    const story = guilty(70).does('mute', 80 * SECOND, { muted_factor: 3 });
    const changes = changesOf(story, 15 * MINUTE);
    expect(changes[1]!.mute).toMatchObject({ until: null, until_hosts: 15, affected_hosts: 5 });
    expect(changes.slice(2).map(({ change, muted }) => [change, muted])).toEqual([
      ['updated', false],
      ['updated', false],
    ]);
  });

  it('is taken back, and ends with the incident', () => {
    const later = { muted_until: START + 600 * MINUTE };
    expect(
      short(
        guilty(6)
          .does('mute', 80 * SECOND, later)
          .does('unmute', 90 * SECOND),
        3 * MINUTE,
      ),
    ).toEqual(['1 opened open', '2 muted open muted', '3 unmuted open']);
    expect(
      short(
        guilty(6)
          .does('mute', 80 * SECOND, later)
          .does('resolve', 90 * SECOND),
        3 * MINUTE,
      ),
    ).toEqual(['1 opened open', '2 muted open muted', '3 resolved resolved']);
  });
});

describe('the end', () => {
  const kinds = (story: Story, until: number) => changesOf(story, until).map(({ change }) => change);

  it('comes within 15 minutes of the last crash where hosts crash right after they took it', () => {
    const changes = changesOf(guilty(120, 5 * SECOND).acts('withdrawn', 10 * MINUTE), 40 * MINUTE);
    const end = changes.at(-1)!;
    expect(end).toMatchObject({ change: 'resolved', state: 'resolved', recommendation: 'none', action: null });
    const lastCrash = START + 119 * 5 * SECOND + 20 * SECOND;
    expect(Date.parse(end.detected_at) - lastCrash).toBeLessThanOrEqual(15 * MINUTE);
    expect(Date.parse(end.detected_at) - lastCrash).toBeGreaterThan(0);
    const { clearing } = end.evidence;
    expect(clearing!.statistic).toBeGreaterThanOrEqual(clearing!.threshold);
    expect(end.reason).toContain('since it was mitigated');
  });

  it('waits for hours where few crash, long after they took it', () => {
    // 200 hosts take it at once; one of them crashes every 6 minutes, for ten hours, withdrawn or not.
    const story = new Story(100_000);
    for (const host of range(0, 200)) story.applies(host, host * SECOND);
    for (const index of range(0, 100)) story.crashes(index, 5 * MINUTE + index * 6 * MINUTE);
    story.acts('withdrawn', 60 * MINUTE);
    expect(kinds(story, 590 * MINUTE)).not.toContain('resolved');
  });

  it('never comes while nobody stopped it', () => {
    expect(kinds(guilty(60, MINUTE), 60 * MINUTE)).not.toContain('resolved');
  });

  it('comes when hosts stopped taking it by themselves, and says so', () => {
    const changes = changesOf(guilty(120, 5 * SECOND), 60 * MINUTE);
    expect(changes.slice(-2).map(({ change }) => change)).toEqual(['mitigated', 'resolved']);
    expect(changes.at(-1)!.mitigation).toMatchObject({ cause: 'adoption_stopped', exposed_hosts: 120 });
  });

  it('is taken back only by fresh evidence, and the history stays', () => {
    const story = guilty(60, 5 * SECOND).does('resolve', 4 * MINUTE);
    const changes = changesOf(story, 20 * MINUTE);
    const resolved = changes.findIndex(({ change }) => change === 'resolved');
    const again = changes[resolved + 1]!;
    expect(again).toMatchObject({ change: 'reopened', state: 'open', opened_at: changes[0]!.opened_at });
    expect(again.resolved_at).toBeNull();
    expect(again.reopened_at).toBe(again.detected_at);
    // Twelve hosts crash in the minute after it was resolved; the review after it sees enough of them.
    expect(Date.parse(again.detected_at)).toBe(START + 5 * MINUTE);
    const quiet = guilty(48, 5 * SECOND).does('resolve', 4 * MINUTE + 20 * SECOND);
    expect(changesOf(quiet, 60 * MINUTE).at(-1)!.change).toBe('resolved');
  });

  it('is one for a signal that crosses the line twenty times', () => {
    const story = new Story(20_000);
    let host = 0;
    for (const wave of range(0, 20)) {
      for (const each of range(0, 6)) {
        const at = wave * 90 * SECOND + each * 5 * SECOND;
        story.applies(host, at).crashes(host++, at + 10 * SECOND);
      }
      // Between the waves hosts crash that have not taken it, and pull the evidence down again.
      for (const each of range(0, 8))
        story.crashes(10_000 + wave * 8 + each, wave * 90 * SECOND + (50 + each) * SECOND);
    }
    story.acts('withdrawn', 31 * MINUTE);
    const counts = kinds(story, 120 * MINUTE).filter((kind) => ['opened', 'resolved', 'reopened'].includes(kind));
    expect(counts).toEqual(['opened', 'resolved']);
  });

  it('of an update that is no longer watched comes with the watch', () => {
    const story = guilty(6);
    const { changes } = decisionsOf(story, 3 * MINUTE, undefined, undefined, { expiresAt: START + 2 * MINUTE });
    expect(changes.map(({ change }) => change)).toEqual(['opened', 'resolved']);
    expect(changes[1]!.reason).toContain('no longer watched');
  });
});

describe('a second bad version after a rollback', () => {
  it('is another incident', () => {
    const second = { channel: 'content', version: '3' };
    const story = new Story(50_000, [
      [content, 0],
      [second, 40 * MINUTE],
    ]);
    story.victims(0, range(0, 60), 5 * SECOND).acts('withdrawn', 6 * MINUTE);
    story.victims(41 * MINUTE, range(100, 130), 5 * SECOND, [second]);
    const openings = changesOf(story, 60 * MINUTE).filter(({ change }) => change === 'opened' || change === 'reopened');
    expect(openings.map(({ incident_id }) => incident_id)).toEqual([incidentIdOf(content), incidentIdOf(second)]);
  });
});

describe('whatever people do, and whenever', () => {
  it('sequences have no gap, and no change follows an end but a fresh start', () => {
    const action = fc.constantFrom('acknowledge', 'assign', 'mute', 'unmute', 'comment', 'resolve' as const);
    const done = fc.array(fc.tuple(action, fc.integer({ min: 0, max: 600 })), { maxLength: 6 });
    fc.assert(
      fc.property(done, fc.option(fc.integer({ min: 60, max: 500 })), (did, withdrawnAfter) => {
        const story = guilty(30);
        for (const [what, after] of did)
          story.does(what as 'mute', after * SECOND, { assignee: String(after), muted_factor: 2, text: 'x' });
        if (withdrawnAfter !== null) story.acts('withdrawn', withdrawnAfter * SECOND);
        const changes = changesOf(story, 12 * MINUTE);
        expect(changes.map(({ sequence }) => sequence)).toEqual(changes.map((_, index) => index + 1));
        changes.forEach((change, index) => {
          const before = changes[index - 1];
          if (before?.state === 'resolved') expect(change.change).toBe('reopened');
          expect(change.muted).toBe(change.mute !== null);
        });
      }),
      { numRuns: 12 },
    );
  });
});
