export { type InputEvents, type InputTopic, inputTopics } from './input-topics';
export { isRefusal, judgeMessage } from './judge-message';
