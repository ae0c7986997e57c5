import { CopyButton } from '../../parts/copy-button';
import { Time } from '../../parts/time';
import type { DeadLetter, LetterKind } from '../../read/operation-answers';
import { count, words } from '../../text/format';

const command = 'npm run ringwatch -- dead-letters redrive';

/** Messages that were refused: how many of each kind, and the newest. */
export function DeadLetters({ kinds, letters }: { kinds: LetterKind[]; letters: DeadLetter[] }) {
  return (
    <section class="card" aria-labelledby="letters-title">
      <header class="card-head">
        <div class="card-title">
          <h2 id="letters-title">Messages that were refused</h2>
          <p class="quiet">
            {kinds.length === 0
              ? 'None: every message could be read.'
              : 'Nothing is lost: each is kept with its bytes.'}
          </p>
        </div>
        {kinds.length > 0 && <CopyButton text={command}>Copy command to send them again</CopyButton>}
      </header>
      {kinds.length > 0 && <Kinds kinds={kinds} />}
      {letters.length > 0 && <Letters letters={letters} />}
    </section>
  );
}

function Kinds({ kinds }: { kinds: LetterKind[] }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Refused messages by reason">
      <table class="blocks">
        <thead>
          <tr>
            <th scope="col">Reason</th>
            <th scope="col">Topic</th>
            <th scope="col">Field</th>
            <th scope="col" class="number">
              Messages
            </th>
            <th scope="col" class="number">
              Sent again
            </th>
            <th scope="col">Last (UTC)</th>
          </tr>
        </thead>
        <tbody>
          {kinds.map((kind) => (
            <tr key={`${kind.topic} ${kind.reason} ${kind.field}`}>
              <th scope="row">{words(kind.reason)}</th>
              <td data-name="Topic">{kind.topic}</td>
              <td data-name="Field" class="break">
                {kind.field}
              </td>
              <td class="number" data-name="Messages">
                {count(kind.letters)}
              </td>
              <td class="number" data-name="Sent again">
                {count(kind.redriven)}
              </td>
              <td data-name="Last">
                <Time at={kind.last_at} dated />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Letters({ letters }: { letters: DeadLetter[] }) {
  return (
    <details class="spaced">
      <summary>The newest {count(letters.length)}</summary>
      <ul class="plain">
        {letters.map((letter) => (
          <li key={`${letter.topic} ${letter.partition} ${letter.offset}`}>
            <span class="quiet">
              <Time at={letter.record_at} dated /> UTC, {letter.topic}[{letter.partition}]@{letter.offset}
              {letter.redriven_at !== null && ', sent again'}
            </span>
            <span class="block break">{letter.detail}</span>
            <code class="block break quiet">{letter.sample.slice(0, 200)}</code>
          </li>
        ))}
      </ul>
    </details>
  );
}
