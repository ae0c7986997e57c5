import { readFileSync, readdirSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { describeScenarioError, parseScenario, type Scenario } from '@ringwatch/fleet';
import { ConfigError } from '@ringwatch/service-kit';

/** The shipped scenarios; the same place from `src` and from `dist`. */
const FOLDER = join(__dirname, '..', 'scenarios');

/** Names of the shipped scenarios. */
export function knownScenarios(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => extname(file) === '.yaml')
    .map((file) => basename(file, '.yaml'))
    .sort();
}

/**
 * Reads a scenario by its name or, with a slash or an ending, by the path of its file.
 * @throws ConfigError when there is none, or when it is wrong: with each error's place in the file
 */
export function loadScenario(nameOrPath: string): Scenario {
  const isPath = /[/\\]|\.ya?ml$/.test(nameOrPath);
  if (!isPath && !knownScenarios().includes(nameOrPath)) {
    throw new ConfigError(
      `unknown scenario ${JSON.stringify(nameOrPath)}: wanted a path, or ${knownScenarios().join(', ')}`,
    );
  }
  const file = isPath ? nameOrPath : join(FOLDER, `${nameOrPath}.yaml`);
  const parsed = parseScenario(readText(file), basename(file, extname(file)));
  if (parsed.kind === 'scenario') return parsed.scenario;
  const errors = parsed.errors.map((error) => `  ${describeScenarioError(file, error)}`);
  throw new ConfigError(`scenario refused:\n${errors.join('\n')}`);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ConfigError(`scenario file cannot be read: ${file} (shipped ones: ${knownScenarios().join(', ')})`, {
      cause,
    });
  }
}
