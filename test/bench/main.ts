import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { benchDecision, reportDecision } from './decision/decision';
import { benchIngest } from './ingest/ingest';
import { reportIngest } from './ingest/report';
import { benchLatency, reportLatency } from './latency/latency';
import { benchMemory, reportMemory } from './memory/memory';
import { benchNotify, reportNotify } from './notify/notify';
import type { Options } from './options';
import { describeMachine } from './report/machine';
import { Stand } from './stand/stand';
import { benchTicks, reportTicks } from './ticks/ticks';

export { help, readOptions } from './options';

/** One part of the bench: its report in Markdown, what it measured, and what is wrong, which fails the bench. */
interface PartResult {
  markdown: string;
  measured: object;
  problems: string[];
}

type Part = (stand: Stand, options: Options, say: (line: string) => void) => Promise<PartResult>;

const ownParts: Partial<Record<Options['parts'][number], Part>> = {
  ingest: async (stand, options, say) => {
    const result = await benchIngest(stand, options, say);
    return { markdown: reportIngest(result), measured: result, problems: result.problems };
  },
  latency: async (stand, options, say) => {
    const result = await benchLatency(stand, options, say);
    return { markdown: reportLatency(result), measured: result, problems: result.problems };
  },
  memory: async (stand, options, say) => {
    const result = await benchMemory(stand, options, say);
    return { markdown: reportMemory(result), measured: result, problems: result.problems };
  },
  notify: async (stand, options, say) => {
    const result = await benchNotify(stand, options, say);
    return { markdown: reportNotify(result), measured: result, problems: result.problems };
  },
  ticks: async (stand, options, say) => {
    const result = await benchTicks(stand, options, say);
    return { markdown: reportTicks(result), measured: result, problems: result.problems };
  },
  decision: async (stand, options, say) => {
    const result = await benchDecision(stand, options, say);
    return { markdown: reportDecision(result), measured: result, problems: result.problems };
  },
};

/** Runs parts one after the other, each on servers of its own; what is wrong with each, by name. */
export class Bench {
  private stand: Stand | undefined;
  private starting: Promise<unknown> | undefined;

  constructor(
    private readonly folder: string,
    private readonly say: (line: string) => void,
  ) {}

  /** Whether the part is one of those that are measured here. */
  has(name: Options['parts'][number]): boolean {
    return ownParts[name] !== undefined;
  }

  /** Measures one part, prints its report and writes it down; says what is wrong. */
  async run(name: Options['parts'][number], options: Options): Promise<string[]> {
    const part = ownParts[name];
    if (!part) throw new Error(`there is no part "${name}" here`);
    this.say(`bench: ${name}`);
    const logFolder = join(this.folder, 'logs');
    mkdirSync(logFolder, { recursive: true });
    const starting = Stand.start(logFolder, this.say).then((stand) => (this.stand = stand));
    this.starting = starting;
    const stand = await starting;
    try {
      const { markdown, measured, problems } = await part(stand, options, this.say);
      this.write(name, markdown, measured);
      return problems.map((problem) => `${name}: ${problem}`);
    } finally {
      if (this.stand === stand) await stand.stop();
      this.stand = undefined;
    }
  }

  /** Ends whatever runs, at once, and leaves no process and no data. */
  async kill(): Promise<void> {
    await this.starting?.catch(() => undefined);
    const { stand } = this;
    this.stand = undefined;
    await stand?.kill();
  }

  private write(name: string, markdown: string, measured: object): void {
    const measuredAt = new Date().toISOString();
    const text = `# bench ${name}\n\n${describeMachine()}; ${measuredAt}\n\n${markdown}\n`;
    writeFileSync(join(this.folder, `${name}.md`), text);
    const json = { machine: describeMachine(), measuredAt, ...measured };
    writeFileSync(join(this.folder, `${name}.json`), `${JSON.stringify(json, undefined, 2)}\n`);
    this.say(`\n${text}\nwritten to ${this.folder}/${name}.md and .json`);
  }
}
