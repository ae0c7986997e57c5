import type { IncidentChange } from '@ringwatch/incident';
import { z } from 'zod';
import { announce, announceNotice } from '../announce';
import { byStatus, fieldIn } from '../answer';
import { clip } from '../phrase';
import { commonHeaders, type DeliveryRequest, type ReceiverDefinition, type ReceiverOf } from '../receiver-definition';
import { safe } from '../show';
import { deliveryKey, noticeKey, sign } from '../sign';
import { secretsSetting } from '../signing-secrets';
import { equals } from '../suspects';

const settings = {
  secrets: secretsSetting,
  /** What is asked for is only to be written down by the pipeline. */
  dry_run: z.boolean().optional(),
};

export type RolloutReceiver = ReceiverOf<'rollout', typeof settings>;

/**
 * A release pipeline: it is told to halt or to roll back an update, and when nothing speaks against the update any more. Signed
 * like a generic webhook. It is asked once for each action: `earlier` is the action that it took last.
 */
export const rollout: ReceiverDefinition<RolloutReceiver> = {
  kind: 'rollout',
  audience: 'program',
  settings,
  secretSettings: ['secrets'],

  wants(change, earlier) {
    const action = actionOf(change);
    // Who takes an update back offers it to nobody.
    const isDone = action === earlier || (action === 'halt' && earlier === 'roll_back');
    return action !== undefined && !isDone;
  },

  toRequest(receiver, change, { at, remarks = [], isTest = false }) {
    const action = actionOf(change) ?? 'none';
    const data = {
      action,
      ...detailsOf(change, remarks),
      ...(isTest || receiver.dry_run === true ? { dry_run: true } : {}),
    };
    const body = JSON.stringify({ type: `rollout.${action}`, timestamp: change.detected_at, data });
    const request = requestOf(receiver, { id: deliveryKey(receiver.name, change), at, body });
    return { ...request, follows: action };
  },

  toNoticeRequest(receiver, notice, { at }) {
    const { title, story } = announceNotice(notice);
    const data = { action: 'none', reason: `${safe(title)}. ${story.map(safe).join(' ')}`, dry_run: true };
    const body = JSON.stringify({ type: `notice.${notice.purpose}`, timestamp: notice.at, data });
    return requestOf(receiver, { id: noticeKey(receiver.name, notice.id), at, body });
  },

  /** `{"accepted": true, "detail": "..."}`: what the pipeline says of it stands in the delivery log. `false` is a no for good. */
  classify(reply, request, now) {
    const answer = byStatus(reply, now);
    const said = fieldIn(reply.body, 'detail');
    const words = typeof said === 'string' && said.trim() !== '' ? `: ${withoutSecrets(said, request)}` : '';
    const detail = `${answer.detail}${words}`;
    if (answer.kind !== 'delivered') return { ...answer, detail };
    if (fieldIn(reply.body, 'accepted') === false)
      return { kind: 'rejected', status: answer.status, detail: `not accepted, ${detail}` };
    return { ...answer, detail, ...(request.follows === undefined ? {} : { messageId: request.follows }) };
  },
};

type Action = 'halt' | 'roll_back' | 'resume';

/**
 * What the pipeline is to do; undefined where there is nothing to do, or no update to do it with. An incident that ended because
 * its update was stopped has not cleared it: only a word of a person, or another suspect, does that.
 */
function actionOf({ change, recommendation, suspect, mitigation }: IncidentChange): Action | undefined {
  if (suspect.update_channel === '') return undefined;
  if (change === 'superseded' || (change === 'resolved' && mitigation === null)) return 'resume';
  if (change === 'resolved') return undefined;
  return recommendation === 'halt' || recommendation === 'roll_back' ? recommendation : undefined;
}

function detailsOf(change: IncidentChange, remarks: readonly string[]) {
  const { suspect, incident_id, sequence, severity, evidence } = change;
  const { observed, expected, relative_risk, exposed_hosts, crashed_hosts, silent_hosts } = evidence;
  const { title, story } = announce(change, { remarks });
  const alike = equals(change).slice(1);
  return {
    update_channel: suspect.update_channel,
    update_version: suspect.update_version,
    ...(alike.length === 0 ? {} : { inseparable: alike.map(updateOf) }),
    incident_id,
    sequence,
    severity,
    confidence: suspect.confidence,
    reason: clip(`${safe(title)}. ${story.map(safe).join(' ')}`, MAX_REASON),
    numbers: { observed, expected, relative_risk, exposed_hosts, crashed_hosts, silent_hosts },
  };
}

/** In characters: enough for the title and the numbers in words. */
const MAX_REASON = 2_000;

function updateOf({ update_channel, update_version }: IncidentChange['suspect']) {
  return { update_channel, update_version };
}

const MAX_SAID = 200;

/** What the pipeline says, without parts of the request that could be secret: pieces of the address and signatures. */
function withoutSecrets(said: string, { url, headers }: DeliveryRequest): string {
  const { pathname, search } = new URL(url);
  const pieces = [
    ...pathname.split('/'),
    ...search.split(/[?&=]/),
    ...(headers['webhook-signature'] ?? '').split(/[ ,]/),
  ];
  const secret = [url, ...pieces, ...pieces.map(decoded)].filter((piece) => piece.length >= 6);
  const masked = secret.reduce((text, piece) => text.replaceAll(piece, '***'), said);
  return clip(masked.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ').trim(), MAX_SAID);
}

function decoded(piece: string): string {
  try {
    return decodeURIComponent(piece);
  } catch {
    return piece;
  }
}

function requestOf({ url, secrets }: RolloutReceiver, content: Parameters<typeof sign>[0]): DeliveryRequest {
  return { kind: 'rollout', url, headers: { ...commonHeaders, ...sign(content, secrets) }, body: content.body };
}
