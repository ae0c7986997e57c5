import { connect } from 'node:net';
import { type Commit, Frames, leaveGroup, readAnswer, readRequest } from './kafka-frames';
import { Link } from './link';
import type { Watcher } from './points';

/** The link between one copy of ingest and Kafka: it sees each commit, and who the copy is in its group. */
export class KafkaGate {
  readonly link: Link;
  /** The members that spoke through here since the last `forget`. */
  private members = new Map<string, { group: string; memberId: string }>();

  constructor(
    upstreamPort: number,
    private readonly watcher: Watcher,
  ) {
    this.link = new Link(
      () => upstreamPort,
      () => this.taps(),
    );
  }

  /**
   * Tells the broker on `port` that the members which spoke through here are gone, as the end of their session does 10 s
   * later: a killed process cannot say it.
   */
  async leaveForTheDead(port: number): Promise<void> {
    const dead = [...this.members.values()];
    this.members = new Map();
    for (const { group, memberId } of dead) await ask(port, leaveGroup(group, memberId));
  }

  private taps() {
    const commits = new Map<number, Commit>();
    const [asked, answered] = [new Frames(), new Frames()];
    const passing = async (frames: Buffer[], mayPass: (frame: Buffer) => Promise<boolean>) => {
      const passed: Buffer[] = [];
      for (const frame of frames) if (await mayPass(frame)) passed.push(frame);
      return Buffer.concat(passed);
    };
    return {
      there: (chunk: Buffer) =>
        passing(asked.take(chunk), async (frame) => {
          const { correlationId, member, commit } = readRequest(frame);
          if (member) this.members.set(member.memberId, member);
          if (!commit) return true;
          commits.set(correlationId, commit);
          return (await this.watcher({ point: 'stored', commit })) === 'pass';
        }),
      back: (chunk: Buffer) =>
        passing(answered.take(chunk), async (frame) => {
          const { correlationId, errors } = readAnswer(frame, (id) => commits.has(id));
          const commit = commits.get(correlationId);
          commits.delete(correlationId);
          return !commit || (await this.watcher({ point: 'committed', commit, refusals: errors })) === 'pass';
        }),
    };
  }
}

function ask(port: number, request: Buffer): Promise<void> {
  return new Promise((done) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 1_000 }, () => socket.write(request));
    for (const event of ['data', 'error', 'timeout'] as const) socket.on(event, () => socket.destroy());
    socket.on('close', () => done());
  });
}
