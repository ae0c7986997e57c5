import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node, type Pair } from 'yaml';
import type { z } from 'zod';
import { checkScenario, type Problem } from './check-scenario';
import { scenarioSchema, type Scenario } from './scenario';
import { instantMs } from './scenario-values';

/** One thing that is wrong in a scenario file, with the place (from 1) that a person should look at. */
export interface ScenarioError {
  line: number;
  column: number;
  /** The key, such as `updates[0].rings[1].fraction`; empty for the file as a whole. */
  path: string;
  wanted: string;
  got: string;
}

/** What reading a scenario file gives: the scenario, or all that is wrong with the file in the order of its lines. */
export type ParsedScenario = { kind: 'scenario'; scenario: Scenario } | { kind: 'refused'; errors: ScenarioError[] };

/** Reads a scenario from YAML text. `name` is how it is called in event ids: the file's name without its ending. */
export function parseScenario(text: string, name: string): ParsedScenario {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.2' });
  if (document.errors.length > 0)
    return { kind: 'refused', errors: document.errors.map((error) => ofSyntax(error, lines)) };
  const content: unknown = document.toJS();
  const read = scenarioSchema(startOf(content)).safeParse(content);
  const problems = read.success ? checkScenario(read.data) : read.error.issues.flatMap(ofIssue);
  if (read.success && problems.length === 0) return { kind: 'scenario', scenario: { ...read.data, name } };
  const errors = problems.map((problem) => locate(problem, document, lines));
  return {
    kind: 'refused',
    errors: errors.sort((left, right) => left.line - right.line || left.column - right.column),
  };
}

/** One line that names file, line and column, for people and for editors that jump to it. */
export function describeScenarioError(file: string, error: ScenarioError): string {
  const where = error.path === '' ? '' : ` ${error.path}:`;
  return `${file}:${error.line}:${error.column}:${where} wanted ${error.wanted}, got ${error.got}`;
}

function startOf(content: unknown): number {
  const starts = typeof content === 'object' && content !== null && 'starts' in content ? content.starts : undefined;
  return (typeof starts === 'string' ? instantMs(starts) : undefined) ?? 0;
}

function ofSyntax(error: { message: string; pos: [number, number] }, lines: LineCounter): ScenarioError {
  const { line, col } = lines.linePos(error.pos[0]);
  return { line, column: col, path: '', wanted: 'valid YAML', got: error.message };
}

function ofIssue(issue: z.core.$ZodIssue): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...issue.path, key], wanted: issue.message, ofKey: true }));
  }
  return [{ path: issue.path, wanted: issue.message }];
}

/** The place of a problem: the value at its path, its key where that is wrong, or what should have held it. */
function locate(problem: Problem, document: Document, lines: LineCounter): ScenarioError {
  const { node, missing } = problem.ofKey ? findKey(problem.path, document) : findNode(problem.path, document);
  const { line, col } = lines.linePos(node?.range?.[0] ?? 0);
  return {
    line: Math.max(line, 1),
    column: Math.max(col, 1),
    path: pathText(problem.path),
    wanted: problem.wanted,
    got: missing ? 'nothing' : describeNode(node),
  };
}

interface Found {
  node: Node | null;
  missing: boolean;
}

function findNode(path: readonly PropertyKey[], document: Document): Found {
  let node: Node | null = document.contents;
  for (const step of path) {
    const pair = pairOf(node, step);
    if (pair && !isNode(pair.value)) return { node: pair.key as Node, missing: true };
    const next: unknown = pair ? pair.value : isSeq(node) ? node.get(step, true) : undefined;
    if (!isNode(next)) return { node, missing: true };
    node = next;
  }
  return { node, missing: node === null };
}

function findKey(path: readonly PropertyKey[], document: Document): Found {
  const { node } = findNode(path.slice(0, -1), document);
  return { node: (pairOf(node, path.at(-1))?.key as Node | undefined) ?? node, missing: false };
}

function pairOf(node: Node | null, key: PropertyKey | undefined): Pair | undefined {
  return isMap(node)
    ? node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(key))
    : undefined;
}

function describeNode(node: Node | null): string {
  if (isScalar(node)) return JSON.stringify(node.value).slice(0, 80);
  return isMap(node) ? 'a map' : 'a list';
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? String(step) : `${text}.${String(step)}`;
  }, '');
}
