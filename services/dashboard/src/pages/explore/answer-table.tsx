import { choose } from '../../frame/address';
import { type AggregateRow, type Aggregates, dimensions } from '../../read/answers';
import { count, dateTime } from '../../text/format';
import type { Question } from './question';

/** More rows would make the page slow; the CSV has them all. */
const MOST_ROWS = 500;

export function AnswerTable({ question, answer }: { question: Question; answer: Aggregates }) {
  const rows = answer.rows.slice(0, MOST_ROWS);
  const isTimed = question.bucket !== '';
  return (
    <section class="card" aria-labelledby="rows-title">
      <h2 id="rows-title">Rows</h2>
      <p class="quiet">
        {rows.length < answer.rows.length
          ? `the first ${count(rows.length)} of ${count(answer.rows.length)}`
          : `all ${count(rows.length)}`}
        {question.groupBy.length > 0 && '; a value narrows the question to it'}
      </p>
      <div class="scroll tall" tabIndex={0} role="region" aria-label="Table of rows">
        <table>
          <thead>
            <tr>
              {isTimed && <th scope="col">From (UTC)</th>}
              {question.groupBy.map((name) => (
                <th key={name} scope="col">
                  {dimensions[name]}
                </th>
              ))}
              <th scope="col" class="number">
                Crashes
              </th>
              <th scope="col" class="number">
                Hosts
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, at) => (
              <Row key={at} row={row} question={question} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Row({ row, question: { groupBy, bucket } }: { row: AggregateRow; question: Question }) {
  return (
    <tr>
      {bucket !== '' && <td class="tabular">{dateTime(row.bucket_start!)}</td>}
      {groupBy.map((name) => (
        <td key={name} class="break">
          {row.other ? (
            'other'
          ) : row[name] ? (
            <button type="button" class="link" onClick={() => choose({ [name]: row[name]! })}>
              {row[name]}
            </button>
          ) : (
            <span class="quiet">none</span>
          )}
        </td>
      ))}
      <td class="number">{count(row.crashes)}</td>
      <td class="number">{count(row.hosts)}</td>
    </tr>
  );
}
