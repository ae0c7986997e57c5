import type { IncomingHttpHeaders } from 'node:http';

/** A request as it came in. */
export interface StandInRequest {
  method: string;
  url: URL;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What is answered. `unseen`: what the real target would have found wrong only after its answer. */
export interface StandInAnswer {
  status: number;
  body?: string | object;
  headers?: Record<string, string>;
  unseen?: string;
}

/** A service that alerts go to, with the limits that its documentation gives. It judges for itself: nothing of ours is imported. */
export interface Target {
  /** What follows the origin in the address of the receivers file. */
  path: string;
  /** Settings of the entry beside the address. */
  settings?: Record<string, unknown>;
  /** Parts of the address and the settings that must be seen nowhere else. */
  secrets: string[];
  answer(request: StandInRequest): StandInAnswer;
  /** How it says that it is asked too often. */
  limited(seconds: number): StandInAnswer;
}

/** Thrown by a check: the target answers it. */
export class Refused extends Error {
  constructor(readonly answer: StandInAnswer) {
    super(String(answer.status));
  }
}

/** Refuses unless it is so. */
export function demand(isSo: boolean, answer: StandInAnswer): asserts isSo {
  if (!isSo) throw new Refused(answer);
}

/** `429` with the header that most send. */
export function limitedByHeader(seconds: number): StandInAnswer {
  return { status: 429, headers: { 'retry-after': String(seconds) }, body: 'rate_limited' };
}
