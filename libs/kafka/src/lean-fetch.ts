import { AsyncLocalStorage } from 'node:async_hooks';
import { FetchAnswer, type FetchLimits, readFetchResponse } from './fetch-response';
import {
  type ConsumerGroupParts,
  findKafkaJsInternals,
  type InternalBatch,
  type KafkaJsInternals,
} from './kafkajs-internals';

/** What a group's owner has a say in. */
export interface GroupHooks extends FetchLimits {
  /** Called before the group is joined; the joining waits for it. */
  beforeJoin: (group: Pick<ConsumerGroupParts, 'memberId' | 'cluster'>) => Promise<void>;
  /** Called when the group was joined; the first fetch waits for it. */
  afterJoin: () => Promise<void>;
  /** Whether positions may mean nothing any more: instead of the next fetch the group is joined anew. */
  mustRejoin: () => boolean;
}

/** What kafkajs takes for the coordinator's word that the group is to be joined anew. */
class RejoinError extends Error {
  readonly type = 'REBALANCE_IN_PROGRESS';
}

/** Whose consumer is at work, and for what fetch: kafkajs' own calls lead from `run` to here, in one asynchronous context. */
const atWork = new AsyncLocalStorage<{ owner: GroupHooks; answer?: FetchAnswer }>();
let installed: { problem: string | undefined } | undefined;

/** Why kafkajs is left alone, if it is: then everything still works, at a higher price. */
export function leanFetchProblem(): string | undefined {
  installed ??= install();
  return installed.problem;
}

/**
 * Starts a consumer that reads its messages without kafkajs' decoder, which makes some twenty objects of each record, and
 * that is held to its limits in bytes of memory whatever the compression. Other consumers of the process are left as they
 * are. `run` has to call the consumer's `run`.
 */
export function runLeanly(owner: GroupHooks, run: () => Promise<void>): Promise<void> {
  return leanFetchProblem() === undefined ? atWork.run({ owner }, run) : run();
}

function install(): { problem: string | undefined } {
  const internals = findKafkaJsInternals();
  if (typeof internals === 'string') return { problem: internals };
  replaceDecode(internals);
  replaceFetch(internals);
  replaceJoin(internals);
  return { problem: undefined };
}

function replaceDecode(internals: KafkaJsInternals): void {
  const { fetchResponse } = internals;
  const decode = fetchResponse.decode;
  fetchResponse.decode = (bytes) => {
    const { owner, answer } = atWork.getStore() ?? {};
    return owner && answer ? readFetchResponse(internals, bytes, answer, owner) : decode(bytes);
  };
}

/** How many times larger records are in memory than on their way, by consumer: what its last fetch showed. */
const expansions = new WeakMap<ConsumerGroupParts, number>();
/** Less than a batch of the largest message would let a partition stand still while another one has something to read. */
const LEAST_BYTES = 1280 * 1024;

function replaceFetch({ consumerGroup }: KafkaJsInternals): void {
  const { fetch } = consumerGroup;
  consumerGroup.fetch = async function (nodeId) {
    const { owner } = atWork.getStore() ?? {};
    if (!owner) return fetch.call(this, nodeId);
    if (owner.mustRejoin()) throw new RejoinError('positions are to be looked up anew');
    const expansion = expansions.get(this) ?? 1;
    this.maxBytesPerPartition = Math.max(LEAST_BYTES, Math.floor(owner.maxBytesPerPartition / expansion));
    this.maxBytes = Math.max(LEAST_BYTES, Math.floor(owner.maxBytes / expansion));
    const answer = new FetchAnswer();
    const batches = await atWork.run({ owner, answer }, () => fetch.call(this, nodeId));
    if (answer.expansion !== undefined) expansions.set(this, answer.expansion);
    for (const batch of batches) fill(batch, answer);
    return batches;
  };
}

/** What kafkajs' constructor of a batch does, with the records that were kept aside. */
function fill(batch: InternalBatch, answer: FetchAnswer): void {
  const { topic, partition, fetchedOffset } = batch;
  const all = answer.allOf(topic, partition);
  const first = all.findIndex(({ offset }) => offset >= Number(fetchedOffset));
  batch.rawMessages = all;
  batch.messagesWithinOffset = first === 0 ? all : first < 0 ? [] : all.slice(first);
  batch.messages = answer.visibleOf(topic, partition, batch.messagesWithinOffset);
}

function replaceJoin({ consumerGroup }: KafkaJsInternals): void {
  const { joinAndSync } = consumerGroup;
  consumerGroup.joinAndSync = async function () {
    const { owner } = atWork.getStore() ?? {};
    await owner?.beforeJoin(this);
    await joinAndSync.call(this);
    await owner?.afterJoin();
  };
}
