import type { DeadLetter } from '@ringwatch/clickhouse';
import { LetterWriter } from './letter-writer';

const letter = (sourceOffset: number) => ({ sourceOffset }) as DeadLetter;

/** A place that keeps letters when it is told to. */
function postOffice() {
  const posts: number[][] = [];
  const answers: Array<(error?: Error) => void> = [];
  const keep = (letters: readonly DeadLetter[]) =>
    new Promise<void>((resolve, reject) => {
      posts.push(letters.map(({ sourceOffset }) => sourceOffset));
      answers.push((error) => (error ? reject(error) : resolve()));
    });
  const turn = () => new Promise<void>((done) => setImmediate(done));
  const answer = async (error?: Error) => {
    await turn();
    answers.shift()?.(error);
    await turn();
  };
  return { posts, keep, answer };
}

describe('LetterWriter', () => {
  it('sends what came meanwhile together, and answers each when its own post is kept', async () => {
    const { posts, keep, answer } = postOffice();
    const writer = new LetterWriter(keep);
    const done: string[] = [];
    const write = (name: string, ...offsets: number[]) =>
      writer.write(offsets.map(letter)).then(() => void done.push(name));
    const all = [write('a', 1)];
    await new Promise<void>((turn) => setImmediate(turn));
    all.push(write('b', 2, 3), write('c', 4));
    await answer();
    expect(done).toEqual(['a']);
    await answer();
    await Promise.all(all);
    expect(posts).toEqual([[1], [2, 3, 4]]);
  });

  it('tells everybody in a post that failed, and goes on with the next', async () => {
    const { posts, keep, answer } = postOffice();
    const writer = new LetterWriter(keep);
    const first = Promise.allSettled([writer.write([letter(1)]), writer.write([letter(2)])]);
    await new Promise<void>((turn) => setImmediate(turn));
    const second = writer.write([letter(3)]);
    await answer(new Error('no room'));
    await answer();
    expect((await first).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(second).resolves.toBeUndefined();
    expect(posts).toEqual([[1, 2], [3]]);
  });
});
