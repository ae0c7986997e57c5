import { useState } from 'preact/hooks';
import { useTitle } from '../../frame/title';
import { answerOf } from '../../read/read';
import { type Session, become } from '../../read/session';
import { openStream } from '../../read/stream';

/** Stands in place of every page while the api wants a key; the address stays, so that one is where one wanted to be. */
export function SignInPage() {
  const [key, setKey] = useState('');
  const [problem, setProblem] = useState<string>();
  const [isSending, setSending] = useState(false);
  useTitle('Sign in');
  const submit = async () => {
    setSending(true);
    setProblem(undefined);
    try {
      become(await signIn(key.trim()));
      openStream();
    } catch (error) {
      setProblem((error as Error).message);
      setSending(false);
    }
  };
  return (
    <section class="card notice sign-in" aria-labelledby="sign-in-title">
      <h1 id="sign-in-title">Sign in</h1>
      <p>
        Ringwatch asks for a key here. Whoever runs it makes one with <code>ringwatch keys create</code>.
      </p>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <label class="field">
          Your key
          <input
            type="password"
            value={key}
            required
            maxLength={200}
            autocomplete="current-password"
            aria-describedby={problem && 'sign-in-problem'}
            onInput={(event) => setKey(event.currentTarget.value)}
          />
        </label>
        {problem && (
          <p role="alert" class="problem" id="sign-in-problem">
            {problem}
          </p>
        )}
        <button type="submit" class="button main" disabled={isSending}>
          Sign in
        </button>
      </form>
    </section>
  );
}

/** The key goes to the api once, and comes back as a cookie that no script can read. */
async function signIn(key: string): Promise<Session> {
  const response = await fetch('/api/v1/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ key }),
  }).catch(() => {
    throw new Error('The api does not answer. Try again.');
  });
  return answerOf<Session>(response);
}
