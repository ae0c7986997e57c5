import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@ringwatch/platform';
import { eventually } from './stack';

/** Unpacked by `.ci/run`: the Debian package would start a service where it is installed. */
const unpacked = join(
  __dirname,
  '..',
  '..',
  '.ringwatch',
  'tools',
  'alertmanager',
  'usr',
  'bin',
  'prometheus-alertmanager',
);
/** Debian's program reads its templates from here, wherever it stands itself. */
const templates = '/usr/share/prometheus/alertmanager/default.tmpl';

const runs = (path: string) => spawnSync(path, ['--version']).status === 0;

/** The program, where it is there. */
export const alertmanagerPath = [
  ...(existsSync(templates) ? [unpacked, 'prometheus-alertmanager'] : []),
  'alertmanager',
].find(runs);

/** An alert as Alertmanager's API shows it. */
export interface ShownAlert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: string;
  endsAt: string;
  status: { state: string };
}

/** What Alertmanager tells its own receivers. */
export interface Notification {
  status: 'firing' | 'resolved';
  alerts: Array<{ status: string; labels: Record<string, string>; annotations: Record<string, string> }>;
}

/** A real Alertmanager on 127.0.0.1 that hands on what it gets at once, to us. */
export class Alertmanager {
  readonly notifications: Notification[] = [];
  url = '';
  private readonly folder = mkdtempSync(join(tmpdir(), 'ringwatch-alertmanager-'));
  private readonly listener: Server = createServer((incoming, outgoing) => {
    let body = '';
    incoming.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    incoming.on('end', () => {
      this.notifications.push(JSON.parse(body) as Notification);
      outgoing.end();
    });
  });
  private process: ChildProcess | undefined;
  private output = '';

  async start(): Promise<void> {
    await new Promise<void>((listening) => this.listener.listen(0, '127.0.0.1', listening));
    const { port: hook } = this.listener.address() as AddressInfo;
    const config = join(this.folder, 'alertmanager.yml');
    const quick = 'group_by: [incident_id], group_wait: 0s, group_interval: 1s, repeat_interval: 1h';
    writeFileSync(
      config,
      `route: { receiver: us, ${quick} }\nreceivers: [{ name: us, webhook_configs: [{ url: 'http://127.0.0.1:${hook}/' }] }]\n`,
    );
    const port = await freePort();
    this.url = `http://127.0.0.1:${port}`;
    this.process = spawn(alertmanagerPath!, [
      `--config.file=${config}`,
      `--storage.path=${join(this.folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ]);
    for (const stream of [this.process.stdout, this.process.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    const isReady = await eventually(
      () =>
        fetch(`${this.url}/-/ready`).then(
          ({ ok }) => ok,
          () => false,
        ),
      (isSo) => isSo || this.process?.exitCode !== null,
    );
    if (!isReady) throw new Error(`Alertmanager did not start:\n${this.output}`);
  }

  async alerts(): Promise<ShownAlert[]> {
    return (await (await fetch(`${this.url}/api/v2/alerts`)).json()) as ShownAlert[];
  }

  async stop(): Promise<void> {
    if (this.process?.exitCode === null) {
      const ended = new Promise((done) => this.process!.once('exit', done));
      this.process.kill();
      await ended;
    }
    this.listener.closeAllConnections();
    await new Promise((closed) => this.listener.close(closed));
    rmSync(this.folder, { recursive: true, force: true });
  }
}
