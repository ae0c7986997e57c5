import { createRequire } from 'node:module';

const receiverSettings = ['NOTIFIER_CONFIG', 'NOTIFIER_RECEIVERS', 'NOTIFIER_SLACK_URL', 'NOTIFIER_WEBHOOK_URL'];

/**
 * Starts a chat receiver on this machine when none is configured, so that `npm start` shows the alert as it would appear in
 * chat: really sent by the notifier, over HTTP. Resolves to the notifier's settings (`notifierEnv`) and `stop()`.
 */
export async function startChatReceiver(env, say) {
  const configured = receiverSettings.find((name) => env[name] ?? env[`${name}_FILE`]);
  if (configured) {
    say(`alerts go to the receivers of ${configured}`);
    return { notifierEnv: {}, stop: async () => undefined };
  }
  const { startLocalReceiver } = createRequire(import.meta.url)('../../services/notifier/dist/local-receiver.js');
  const receiver = await startLocalReceiver({ onMessage: (message) => say(asText(message)) });
  return {
    notifierEnv: {
      NOTIFIER_SLACK_URL: `${receiver.url}/slack`,
      NOTIFIER_ALLOW_PRIVATE_TARGETS: '127.0.0.1',
      // A scenario that is over sends no events, which is nothing to be told of.
      NOTIFIER_STALE_AFTER: env.NOTIFIER_STALE_AFTER ?? 'off',
    },
    stop: () => receiver.close(),
  };
}

function asText(message) {
  if (message.kind === 'refused') return `the chat receiver refused a request to ${message.path}: ${message.reason}`;
  const lines = message.text.trimEnd().split('\n');
  return ['', `chat, ${new Date().toISOString()}`, ...lines.map((line) => `  | ${line}`), ''].join('\n');
}
