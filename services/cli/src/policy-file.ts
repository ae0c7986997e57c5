import { readFile } from 'node:fs/promises';
import { type DetectionPolicy, readPolicy } from '@ringwatch/detection';
import { LineCounter, parseDocument } from 'yaml';
import { UsageError } from './output';

/** Reads other settings of the detector from a file, JSON or YAML. @throws UsageError that names every problem */
export async function readPolicyFile(path: string): Promise<DetectionPolicy> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`--policy: ${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
  });
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const [broken] = document.errors;
  if (broken) {
    const { line, col } = lineCounter.linePos(broken.pos[0]);
    throw new UsageError(`--policy: ${path}:${line}:${col}: wanted JSON or YAML, got: ${broken.message}`);
  }
  const read = readPolicy(document.toJS() ?? {});
  if (read.kind === 'policy') return read.policy;
  const problems = read.problems.map(({ setting, wanted, got }) => {
    const where = setting === '' ? path : `${path}: ${setting}`;
    return `  ${where}: wanted ${wanted}, got ${got}`;
  });
  throw new UsageError(`--policy: these settings are wrong\n${problems.join('\n')}`);
}
