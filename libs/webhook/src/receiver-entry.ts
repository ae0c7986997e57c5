import { z } from 'zod';
import { definitionOf, isReceiverKind, receiverKinds, type Receiver, type ReceiverKind } from './receiver';

/** How an entry of the receivers file is read. */
export interface EntryOptions<Also extends z.ZodRawShape> {
  /** What the entry is called in what is said of it, such as `receivers[2]`. */
  place: string;
  readFile: (path: string) => string;
  /** The fields of the entry that are not the receiver's own. */
  also: Also;
}

/** A receiver with the other fields of its entry, or what is wrong with the entry, in words that show no secret. */
export type EntryReading<Also extends z.ZodRawShape> =
  { kind: 'read'; receiver: Receiver; also: z.output<z.ZodObject<Also>> } | { kind: 'refused'; problems: string[] };

const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, {
  error: 'wanted 1 to 40 of a-z, 0-9 and -, the first not a -, got something else',
});

/** Reads one entry. Secrets may stand in files; what they hold is judged like what stands in the entry itself. */
export function readReceiver<Also extends z.ZodRawShape>(
  entry: unknown,
  { place, readFile, also }: EntryOptions<Also>,
): EntryReading<Also> {
  const refused = (problems: string[]): EntryReading<Also> => ({ kind: 'refused', problems });
  const fields = z.record(z.string(), z.unknown()).safeParse(entry, { error: wantedAndGot });
  if (!fields.success) return refused(fields.error.issues.map(({ message }) => `${place}: ${message}`));
  const { kind } = fields.data;
  if (!isReceiverKind(kind)) {
    const wanted = receiverKinds.map((each) => `"${each}"`).join(' or ');
    return refused([`${place}.kind: wanted ${wanted}, got something else`]);
  }
  const { filled, problems } = fillFromFiles(fields.data, kind, readFile);
  const own = z.strictObject({ kind: z.literal(kind), name, url: z.string(), ...definitionOf(kind).settings });
  const parsed = own.extend(also).safeParse(filled, { error: wantedAndGot });
  const known = new Set(problems.map(({ setting }) => setting));
  const wrong = [
    ...problems.map(({ field, problem }) => `${place}.${field}: ${problem}`),
    ...(parsed.error?.issues ?? [])
      .filter(({ path }) => !known.has(String(path[0])))
      .map(({ path, message }) => `${place}${placeOf(path)}: ${message}`),
  ];
  if (wrong.length > 0 || !parsed.success) return refused(wrong);
  const values = Object.entries(parsed.data as Record<string, unknown>);
  const only = (isOwn: boolean) => Object.fromEntries(values.filter(([field]) => field in own.shape === isOwn));
  return { kind: 'read', receiver: only(true) as Receiver, also: only(false) as z.output<z.ZodObject<Also>> };
}

/** What is wrong with a setting, shown at the field that said it. */
interface SettingProblem {
  setting: string;
  field: string;
  problem: string;
}

/** The entry with what its `..._file` fields name in place of them, and with the usual address where it gives none. */
function fillFromFiles(
  fields: Record<string, unknown>,
  kind: ReceiverKind,
  readFile: (path: string) => string,
): { filled: Record<string, unknown>; problems: SettingProblem[] } {
  const { settings, secretSettings, usualUrl } = definitionOf(kind);
  const filled = { ...fields };
  const problems: SettingProblem[] = [];
  const refuse = (setting: string, field: string, problem: string) => problems.push({ setting, field, problem });
  for (const setting of ['url', ...secretSettings]) {
    const fileField = `${setting.replace(/s$/, '')}_file`;
    const [value, file] = [fields[setting], fields[fileField]];
    delete filled[fileField];
    if (value === undefined && file === undefined) {
      if (setting === 'url' && usualUrl !== undefined) filled[setting] = usualUrl;
      else if (setting === 'url' || !settings[setting]!.safeParse(undefined).success)
        refuse(setting, setting, `wanted it either here or by ${fileField}, got neither`);
    } else if (value !== undefined && file !== undefined) {
      refuse(setting, setting, `wanted it either here or by ${fileField}, got both`);
    } else if (file !== undefined) {
      const text = contentOf(file, readFile);
      const path = typeof file === 'string' ? `"${file}"` : typeof file;
      if (text === undefined) refuse(setting, fileField, `wanted a file that can be read, got ${path}`);
      filled[setting] = setting.endsWith('s') ? text?.split(/\s+/).filter((word) => word !== '') : text?.trim();
    }
  }
  return { filled, problems };
}

function contentOf(file: unknown, readFile: (path: string) => string): string | undefined {
  try {
    return typeof file === 'string' ? readFile(file) : undefined;
  } catch {
    return undefined;
  }
}

/** Zod's issues in our words; a value itself is never shown. */
function wantedAndGot(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `wanted ${issue.expected}, got ${issue.input === undefined ? 'nothing' : typeof issue.input}`;
    case 'invalid_value':
      return `wanted ${issue.values.map((value) => `"${String(value)}"`).join(' or ')}, got something else`;
    case 'unrecognized_keys':
      return `wanted only known fields, got ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
    default:
      return 'wanted something else';
  }
}

function placeOf(path: readonly PropertyKey[]): string {
  return path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
}
