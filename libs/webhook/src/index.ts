export { announce } from './announce';
export type { Announcement } from './announce';
export type { Answer, Reply } from './answer';
export { chatText } from './chat-text';
export { noticePurposes } from './notice';
export type { Notice } from './notice';
export { ours, plain, say } from './phrase';
export type { Part, Phrase } from './phrase';
export { definitionOf, receiverKinds, resendingOf, toNoticeRequest, toRequest, wants } from './receiver';
export type { Receiver, ReceiverKind } from './receiver';
export type {
  Audience,
  DeliveryRequest,
  Rate,
  ReceiverDefinition,
  RequestOptions,
  Resending,
} from './receiver-definition';
export { readReceiver } from './receiver-entry';
export type { EntryOptions, EntryReading } from './receiver-entry';
export { slackLimits, toSlackMessage } from './receivers/slack';
export type { SlackBlock, SlackMessage } from './receivers/slack';
export { send } from './send';
export type { SendOptions } from './send';
export { deliveryKey, problemWithSecret, sign, verify } from './sign';
export type { SignatureHeaders, SignedContent, Verdict } from './sign';
export { problemWithTarget } from './target';
export type { TargetPolicy } from './target';
