/** The receiver of `--profile demo`: prints each alert as it would appear in chat. It checks signatures as a real one does. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { startLocalReceiver } = createRequire(import.meta.url)('./services/notifier/dist/local-receiver.js');

const receiver = await startLocalReceiver({
  host: process.env.HTTP_HOST,
  port: Number(process.env.HTTP_PORT),
  secret: readFileSync(process.env.WEBHOOK_SECRET_FILE, 'utf8').trim(),
  onMessage: (message) => {
    const text = message.kind === 'refused' ? `refused a request to ${message.path}: ${message.reason}` : message.text;
    process.stdout.write(`${text.trimEnd()}\n\n`);
  },
});
process.stdout.write('waiting for alerts\n\n');

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void receiver.close());
