import { useMemo } from 'preact/hooks';
import { Figure } from '../../charts/figure';
import { useAddress } from '../../frame/address';
import { useTitle } from '../../frame/title';
import { CopyButton } from '../../parts/copy-button';
import { Failed, Loading, Stale } from '../../parts/states';
import { readRange } from '../../read/read-range';
import type { Aggregates } from '../../read/answers';
import { read } from '../../read/read';
import { useLive } from '../../read/use-live';
import { AnswerTable } from './answer-table';
import { chartOfAnswer, describeAnswer } from './answer-chart';
import { Form } from './form';
import { type Question, parametersOf, questionOf } from './question';

/** Crashes by any dimensions: a chart, a table, and the call of the api that made them. */
export function ExplorePage() {
  const { searchParams } = useAddress();
  const question = questionOf(searchParams);
  const key = JSON.stringify(question);
  const { answer, problem, retry } = useLive(`explore ${key}`, (signal) => ask(question, signal));
  useTitle('Explore');
  return (
    <>
      <Form question={question} />
      {answer === undefined ? (
        problem ? (
          <Failed problem={problem} retry={retry} />
        ) : (
          <Loading />
        )
      ) : (
        <>
          {problem && <Stale problem={problem} retry={retry} />}
          <Answer question={answer.question} answer={answer.answer} />
          <Call parameters={answer.parameters} />
        </>
      )}
    </>
  );
}

async function ask(question: Question, signal: AbortSignal) {
  const range = question.range === 'own' ? {} : await readRange(question.range, signal);
  const parameters = parametersOf(question, range);
  const values = Object.fromEntries([...parameters.keys()].map((name) => [name, parameters.getAll(name)]));
  return { question, parameters: parameters.toString(), answer: await read<Aggregates>('aggregates', values, signal) };
}

function Answer({ question, answer }: { question: Question; answer: Aggregates }) {
  const chart = useMemo(() => chartOfAnswer(question, answer.rows), [answer]);
  if (answer.rows.length === 0)
    return (
      <section class="card notice">
        <h2>No crash is like this</h2>
        <p>Take a longer time, or fewer filters.</p>
      </section>
    );
  return (
    <>
      {chart && (
        <Figure
          id="answer"
          title="Crashes"
          sentence={describeAnswer(question, chart)}
          chart={chart}
          note={answer.truncated ? 'There are more rows than fit: take wider buckets or fewer groups.' : undefined}
        />
      )}
      <AnswerTable question={question} answer={answer} />
    </>
  );
}

function Call({ parameters }: { parameters: string }) {
  const address = `${location.origin}/api/v1/aggregates?${parameters}`;
  return (
    <section class="card" aria-labelledby="call-title">
      <header class="card-head">
        <h2 id="call-title">The call that made this</h2>
        <div class="controls">
          <CopyButton text={`curl '${address}'`}>Copy as curl</CopyButton>
          <a class="button" href={`/api/v1/aggregates?${parameters}&format=csv`} download>
            Download as CSV
          </a>
        </div>
      </header>
      <code class="break">GET {decodeURIComponent(address)}</code>
    </section>
  );
}
