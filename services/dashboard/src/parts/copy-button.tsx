import { useState } from 'preact/hooks';

/** Copies a text; says so for a moment. */
export function CopyButton({ text, children }: { text: string; children: string }) {
  const [outcome, setOutcome] = useState<string>();
  const copy = async () => {
    const done = await navigator.clipboard.writeText(text).then(
      () => 'Copied',
      () => 'Could not copy',
    );
    setOutcome(done);
    setTimeout(() => setOutcome(undefined), 2_000);
  };
  return (
    <button type="button" class="button" onClick={() => void copy()}>
      {outcome ?? children}
      <span class="visually-hidden" role="status">
        {outcome}
      </span>
    </button>
  );
}
