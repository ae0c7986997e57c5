/**
 * Whether the service of this container gets on with its work: /readyz of ingest and the detector is false without
 * progress, not only without an answer. What it says is kept by `docker inspect`.
 */
import http from 'node:http';

const answerWithinMs = 7_000;

const request = http.get(
  { host: '127.0.0.1', port: process.env.HTTP_PORT, path: '/readyz', timeout: answerWithinMs },
  (answer) => {
    process.exitCode = answer.statusCode === 200 ? 0 : 1;
    answer.pipe(process.stdout);
  },
);
request.on('timeout', () => request.destroy(new Error(`no answer within ${answerWithinMs / 1000} s`)));
request.on('error', ({ message }) => {
  process.stdout.write(`${message}\n`);
  process.exitCode = 1;
});
