import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { startChatReceiver } from './chat-receiver.mjs';
import { help, readOptions } from './options.mjs';
import { say } from './progress.mjs';
import { orExplain, setUp } from './set-up.mjs';

/** What `npm start` does; returns when everything is stopped. */
export async function main(argv) {
  await orExplain(async () => {
    const options = readOptions(argv, process.env);
    if (options.help) return process.stdout.write(`${help}\n`);
    await setUp();
    await run(options);
  });
}

async function run(options) {
  // Built a moment ago, and therefore not imported at the top.
  const { Embedded } = createRequire(import.meta.url)('../../libs/platform');
  const startedAt = Date.now();
  const keepsData = !options.fresh && existsSync(join(options.dataDir, 'clickhouse'));
  const chat = await startChatReceiver(process.env, say);
  const embedded = new Embedded({ ...options, env: { notifier: chat.notifierEnv }, onProgress: say });
  const end = stopOnSignal(embedded);
  try {
    await embedded.start().catch((error) => {
      if (!end.requested) throw error;
    });
    if (!end.requested) {
      say(`all is ready after ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
      tellWhatRuns(embedded, { ...options, keepsData });
    }
    await end.stopped;
  } finally {
    await chat.stop();
  }
}

function tellWhatRuns(embedded, { scenario, dataDir, keepsData }) {
  const api = `http://${embedded.address('api')}`;
  say('');
  say(`  dashboard   ${api}/`);
  say(`  query API   ${api}/api/v1   (${api}/api/openapi.json)`);
  say(`  Kafka       ${embedded.address('kafka')}`);
  say(`  ClickHouse  http://${embedded.address('clickhouse')}/play`);
  say(`  data        ${dataDir}${keepsData ? ', kept from before' : ''}`);
  say('');
  say(scenario ? `playing ${scenario.name} at ${speedOf(scenario)}; alerts are shown here` : 'waiting for your events');
  if (scenario && keepsData)
    say('an incident that was open before goes on and is no new alert: "npm start -- --fresh" begins anew');
  say('Ctrl-C stops everything.');
}

function speedOf({ speed }) {
  return speed === 'max' ? 'full speed' : `${speed} times the speed of reality`;
}

/** Stops everything in order at the first signal, and at once at the second. `stopped` resolves when that is done. */
function stopOnSignal(embedded) {
  const end = { requested: false, stopped: undefined };
  end.stopped = new Promise((resolve, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => {
        if (end.requested) {
          embedded.kill();
          process.exit(130);
        }
        end.requested = true;
        say(`${signal}: stopping in order; once more to stop at once`);
        embedded.stop().then(resolve, reject);
      });
    }
  });
  return end;
}
