import type { HostHistory } from './concurrent/host-history';
import type { WatchedUpdate } from './watched-update';

/** The updates under watch, by their keys and by their channels. */
export class UpdatesUnderWatch {
  readonly byKey = new Map<string, WatchedUpdate>();
  private readonly byChannel = new Map<string, Set<WatchedUpdate>>();

  add(watched: WatchedUpdate): void {
    this.byKey.set(watched.key, watched);
    const onChannel = this.byChannel.get(watched.channel) ?? new Set();
    this.byChannel.set(watched.channel, onChannel.add(watched));
  }

  delete(watched: WatchedUpdate): void {
    this.byKey.delete(watched.key);
    this.byChannel.get(watched.channel)?.delete(watched);
  }

  get(key: string): WatchedUpdate | undefined {
    return this.byKey.get(key);
  }

  on(channel: string): ReadonlySet<WatchedUpdate> {
    return this.byChannel.get(channel) ?? none;
  }

  inOrder(): WatchedUpdate[] {
    return [...this.byKey.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** Those that a host can speak of: on channels that it runs, and those that it took. It adds nothing to others. */
  of(host: HostHistory): Set<WatchedUpdate> {
    const updates = new Set<WatchedUpdate>();
    for (const channel of host.ranChannels()) for (const watched of this.on(channel)) updates.add(watched);
    for (const key of host.appliedKeys()) {
      const watched = this.get(key);
      if (watched) updates.add(watched);
    }
    return updates;
  }
}

const none: ReadonlySet<WatchedUpdate> = new Set();
