import { constants } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type InputTopic, inputTopics } from '@ringwatch/inputs';

/** A recorded file: the events of one topic, a JSON line each. */
export interface InputFile {
  topic: InputTopic;
  path: string;
  isCompressed: boolean;
  /** Size on disk. */
  bytes: number;
}

/** What was recorded cannot be read: the message says what, wanted and got. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** The recorded files in a folder; any may be missing, but not all. @throws InputError */
export async function findInputFiles(folder: string): Promise<InputFile[]> {
  const names = await namesIn(folder);
  const files: InputFile[] = [];
  for (const topic of inputTopics) {
    const [name, another] = [`${topic}.jsonl`, `${topic}.jsonl.gz`].filter((each) => names.includes(each));
    if (another !== undefined)
      throw new InputError(`${folder}: wanted one file of ${topic}, got both ${name} and ${another}`);
    if (name !== undefined) files.push(await inputFile(topic, join(folder, name)));
    else if (names.some((each) => each.startsWith(`${topic}.jsonl`) && each.endsWith('.part')))
      throw new InputError(`${folder}: wanted a whole file of ${topic}, got a .part: its recording has not ended`);
  }
  if (files.length > 0) return files;
  const wanted = inputTopics.map((topic) => `${topic}.jsonl`).join(', ');
  const got = names.length === 0 ? 'an empty folder' : names.sort().slice(0, 5).join(', ');
  throw new InputError(`${folder}: wanted at least one of ${wanted} (or .jsonl.gz), got ${got}`);
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    throw new InputError(`${folder}: wanted a folder of recorded events, got ${reasonOf(cause)}`, { cause });
  }
}

async function inputFile(topic: InputTopic, path: string): Promise<InputFile> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new InputError(`${path}: wanted a file, got ${reasonOf(cause)}`, { cause });
  });
  if (!found.isFile()) throw new InputError(`${path}: wanted a file, got ${found.isDirectory() ? 'a folder' : 'none'}`);
  await access(path, constants.R_OK).catch((cause: unknown) => {
    throw new InputError(`${path}: wanted a file that can be read, got ${reasonOf(cause)}`, { cause });
  });
  return { topic, path, isCompressed: path.endsWith('.gz'), bytes: found.size };
}

const reasons: Record<string, string> = {
  ENOENT: 'nothing of that name',
  ENOTDIR: 'a file',
  EACCES: 'no permission',
  EPERM: 'no permission',
};

/** Why the system refused, in words. */
export function reasonOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  return reasons[String(code)] ?? message;
}
