import type { Watch, WatchedUpdate } from '@ringwatch/detection';
import type { IncidentChange } from './incident-change';
import { Judge } from './judge';
import { type Incidents, Ledger } from './ledger';
import type { ArrivedAction } from './parse-incident-action';
import { type ActionAnswer, takeActions } from './take-action';

/** Every so often, in arrival time, all updates are judged anew, whether or not a crash of theirs arrived. */
export const REVIEW_EVERY_MS = 60_000;

/** What a tick brought: the updates whose evidence changed, and what people did. */
export interface News {
  touched: readonly WatchedUpdate[];
  actions: readonly ArrivedAction[];
}

/** What a tick came to: changes in order, and an answer to each action. */
export interface Decision {
  changes: IncidentChange[];
  answers: ActionAnswer[];
}

/**
 * Decides one tick: first what people did, in the order of arrival, then which incidents open, grow worse, are mitigated, end
 * or give way to another. Pure: the same watch, news, incidents and tick give the same changes. On a review all updates are
 * judged, else those that were touched.
 */
export function decide(watch: Watch, news: News, incidents: Incidents, tick: number): Decision {
  const ledger = new Ledger(incidents, tick);
  const answers = takeActions(ledger, news.actions);
  const isReview = tick % REVIEW_EVERY_MS === 0;
  const judged = isReview ? [...watch.updates.values()].sort((a, b) => (a.key < b.key ? -1 : 1)) : news.touched;
  const judge = new Judge(watch, ledger);
  const openings: WatchedUpdate[] = [];
  for (const watched of judged) {
    const incident = judge.openIncident(watched);
    if (incident) judge.followUp(watched, incident, isReview);
    else if (judge.mayOpen(watched, isReview)) openings.push(watched);
  }
  if (isReview) judge.endUnwatched();
  for (const watched of judge.mostBlamedFirst(openings)) judge.open(watched);
  judge.judgeSpikes(isReview);
  return { changes: ledger.changes, answers };
}
