export { type InputEvents, type InputTopic, inputTopics, tableOf } from './input-topics';
export { isRefusal, judgeMessage } from './judge-message';
