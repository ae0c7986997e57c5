import { useEffect, useRef, useState } from 'preact/hooks';
import { Select } from '../../parts/select';
import { readName, rememberName } from '../../parts/person-name';
import type { Status } from '../../read/answers';
import { type ReadError, read } from '../../read/read';
import { useSession } from '../../read/session';
import { newKey, send } from '../../read/send';
import { type ActionKind, type ActionName, type Filled, actions, bodyOf } from './action-kinds';

interface Props {
  name: ActionName;
  path: string;
  onSent: () => void;
  onLeave: () => void;
}

/** One action, filled in and sent. */
export function ActionForm({ name, path, onSent, onLeave }: Props) {
  const kind: ActionKind = actions[name];
  const known = useKnownName();
  const [filled, setFilled] = useState<Filled>(() => emptyForm(known));
  const [problem, setProblem] = useState<string>();
  const [isSending, setSending] = useState(false);
  const key = useRef(newKey());
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current!.querySelector<HTMLElement>('input, textarea, select')?.focus(), []);
  const fill = (part: Partial<Filled>) => setFilled({ ...filled, ...part });
  const submit = async () => {
    setSending(true);
    setProblem(undefined);
    if (!known) rememberName(filled.actor);
    try {
      await send(
        `${path}/${name}`,
        bodyOf(name, { ...filled, actor: known ? '' : filled.actor }, await arrivalNow()),
        key.current,
      );
      onSent();
    } catch (error) {
      setProblem((error as ReadError).message);
      // What was refused may be changed and is another wish then; what was not answered is sent again as the same.
      if ((error as ReadError).status !== undefined) key.current = newKey();
      setSending(false);
    }
  };
  return (
    <form
      class="form"
      ref={form}
      aria-label={kind.title}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
      onKeyDown={(event) => event.key === 'Escape' && onLeave()}
    >
      <p class="quiet">{kind.does}</p>
      <Fields kind={kind} filled={filled} fill={fill} isKnown={known !== undefined} />
      {problem && (
        <p role="alert" class="problem">
          {problem}
        </p>
      )}
      <div class="controls">
        <button type="submit" class="button main" disabled={isSending}>
          {isSending ? 'Sending' : kind.title}
        </button>
        <button type="button" class="button" onClick={onLeave}>
          Leave it
        </button>
      </div>
    </form>
  );
}

function emptyForm(known: string | undefined): Filled {
  const actor = known ?? readName();
  return { actor, assignee: actor, text: '', hours: '1', factor: '2' };
}

/** With a key its name stands in the record; without one, the name that is given. */
function useKnownName(): string | undefined {
  const session = useSession();
  return typeof session === 'object' ? (session.name ?? undefined) : undefined;
}

/** Up to when all is stored, in arrival time: what "now" means to the detector. */
async function arrivalNow(): Promise<number> {
  const { closed_until: closed } = await read<Status>('status');
  return closed === null ? Date.now() : Date.parse(closed);
}

interface FieldsProps {
  kind: ActionKind;
  filled: Filled;
  fill: (part: Partial<Filled>) => void;
  isKnown: boolean;
}

function Fields({ kind: { fields, needsText }, filled, fill, isKnown }: FieldsProps) {
  return (
    <>
      {!isKnown && (
        <label class="field">
          Your name
          <input
            type="text"
            value={filled.actor}
            maxLength={128}
            autocomplete="username"
            onInput={(event) => fill({ actor: event.currentTarget.value })}
          />
        </label>
      )}
      {fields.includes('assignee') && (
        <label class="field">
          Whose it is (empty: nobody's)
          <input
            type="text"
            value={filled.assignee}
            maxLength={128}
            onInput={(event) => fill({ assignee: event.currentTarget.value })}
          />
        </label>
      )}
      {fields.includes('until') && (
        <Select label="Until" value={filled.hours} options={spans} onChoose={(hours) => fill({ hours })} />
      )}
      {fields.includes('factor') && (
        <Select
          label="Or until it grows"
          value={filled.factor}
          options={growths}
          onChoose={(factor) => fill({ factor })}
        />
      )}
      {fields.includes('text') && (
        <label class="field">
          {needsText ? 'What you say' : 'Why (may be empty)'}
          <textarea
            value={filled.text}
            maxLength={4_000}
            required={needsText}
            onInput={(event) => fill({ text: event.currentTarget.value })}
          />
        </label>
      )}
    </>
  );
}

const spans = [
  ['0.25', 'in 15 minutes'],
  ['1', 'in an hour'],
  ['4', 'in 4 hours'],
  ['24', 'in a day'],
  ['', 'no end in time'],
] as const;
const growths = [
  ['2', 'to twice as many hosts'],
  ['4', 'to 4 times as many'],
  ['10', 'to 10 times as many'],
  ['', 'however it grows'],
] as const;
