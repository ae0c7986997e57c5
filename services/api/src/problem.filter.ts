import { ArgumentsHost, Catch, ExceptionFilter, HttpException } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { z } from 'zod';
import { Problem, invalidRequest, problemDetails } from './problem';
import { metrics } from './telemetry';

type Request = IncomingMessage & { path: string; originalUrl: string; query: object; params: object; body?: object };
type Reply = ServerResponse & { status(code: number): Reply; json(body: unknown): void; type(type: string): Reply };

/** The health checks answer in a form of their own. */
const healthPaths = new Set(['/healthz', '/readyz']);

/** Turns whatever was thrown into problem details. What the client may not know goes to the log. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const reply = http.getResponse<Reply>();
    if (thrown instanceof HttpException && healthPaths.has(request.path)) {
      reply.status(thrown.getStatus()).json(thrown.getResponse());
      return;
    }
    const problem = toProblem(thrown, request);
    if (problem.status >= 500) this.log(problem, request.path);
    metrics.problems.inc({ status: String(problem.status) });
    if (reply.headersSent || problem.kind === 'client_gone') {
      reply.destroy();
      return;
    }
    if (problem.status === 503) reply.setHeader('Retry-After', '5');
    if (problem.status === 429 && !reply.hasHeader('Retry-After')) reply.setHeader('Retry-After', '60');
    if (problem.status === 401) reply.setHeader('WWW-Authenticate', 'Bearer realm="ringwatch"');
    reply.removeHeader('Content-Disposition');
    reply.status(problem.status).type('application/problem+json');
    reply.end(JSON.stringify(problemDetails(problem, request.originalUrl)));
  }

  private log(problem: Problem, path: string): void {
    const fields = { path, err: problem.cause ?? problem };
    if (problem.status === 503) this.logger.warn(fields, 'request not answered');
    else this.logger.error(fields, 'request failed');
  }
}

function toProblem(thrown: unknown, request: Request): Problem {
  if (thrown instanceof Problem) return thrown;
  if (thrown instanceof z.ZodError)
    return invalidRequest(thrown, { ...request.query, ...request.params, ...request.body });
  const asked = `${request.method} ${request.path}`;
  if (statusOf(thrown) === 404) return new Problem('not_found', `${asked}: there is nothing at this address`);
  if (statusOf(thrown) === 429)
    return new Problem('too_many_requests', 'you have asked too often within a minute: wait, then ask less often');
  if (statusOf(thrown) === 413) return new Problem('too_large', `${asked}: wanted a body of at most 64 KiB`);
  if (statusOf(thrown) < 500) return new Problem('invalid_request', `${asked}: the request cannot be read`);
  return new Problem('internal', `${asked} failed; the log of the api says why`, { cause: thrown });
}

/** Nest throws exceptions with a status; Express, for an address that cannot be decoded, errors that carry one. */
function statusOf(thrown: unknown): number {
  if (thrown instanceof HttpException) return thrown.getStatus();
  const status = (thrown as { status?: unknown })?.status;
  return typeof status === 'number' && status >= 400 ? status : 500;
}
