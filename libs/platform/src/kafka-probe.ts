import { connect } from 'node:net';
import { LOOPBACK } from './ports';

const TIMEOUT_MS = 2_000;
const METADATA = 3;
const VERSION = 1;

/**
 * Whether the broker on this port takes requests and the controller has let it in, asked as a client would: by a Metadata
 * request for no topic (https://kafka.apache.org/protocol). An open port alone comes earlier than that.
 */
export function brokerAnswers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: LOOPBACK, timeout: TIMEOUT_MS });
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    let received = Buffer.alloc(0);
    socket.on('connect', () => socket.write(metadataRequest()));
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      // size, correlation id, number of brokers: each 4 bytes
      if (received.length >= 12) finish(received.readInt32BE(8) > 0);
    });
    socket.on('error', () => finish(false)).on('timeout', () => finish(false));
    socket.on('close', () => finish(false));
  });
}

function metadataRequest(): Buffer {
  const client = Buffer.from('ringwatch-probe');
  const body = Buffer.alloc(2 + 2 + 4 + 2 + client.length + 4);
  body.writeInt16BE(METADATA, 0);
  body.writeInt16BE(VERSION, 2);
  body.writeInt32BE(1, 4); // correlation id
  body.writeInt16BE(client.length, 8);
  client.copy(body, 10);
  body.writeInt32BE(0, 10 + client.length); // no topics
  const size = Buffer.alloc(4);
  size.writeInt32BE(body.length);
  return Buffer.concat([size, body]);
}
