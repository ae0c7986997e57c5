import { type Cluster, findKafkaJsInternals, type InternalDecoder } from './kafkajs-internals';

const METADATA = 3;
/** The first version that takes names and gives ids, in Kafka's compact encoding; Kafka has it since 2.8. */
const VERSION = 12;
const NO_ID = Buffer.alloc(16);

/**
 * Asks Kafka for the ids of topics, which kafkajs does not know of: a topic that is deleted and made anew under its name
 * has another one. Topics that there are not are left out, and all of them by a Kafka that has no ids.
 */
export async function readTopicIds(cluster: Cluster, topics: readonly string[]): Promise<Map<string, string>> {
  const internals = findKafkaJsInternals();
  if (typeof internals === 'string') return new Map();
  const broker = await cluster.findControllerBroker();
  if ((broker.versions?.[METADATA]?.maxVersion ?? 0) < VERSION) return new Map();
  const { Encoder, Decoder } = internals;
  const encode = async () => {
    // Compact requests have tagged fields in their header, where kafkajs' header ends.
    const body = new Encoder().writeUVarInt(0).writeUVarInt(topics.length + 1);
    for (const topic of topics) body.writeBuffer(NO_ID).writeUVarIntString(topic).writeUVarInt(0);
    return body.writeBoolean(false).writeBoolean(false).writeUVarInt(0);
  };
  return broker.connectionPool.send({
    request: { apiKey: METADATA, apiName: 'Metadata', apiVersion: VERSION, encode },
    response: { decode: async (bytes) => readIds(new Decoder(bytes)), parse: async (ids) => ids },
  });
}

/** https://kafka.apache.org/protocol: MetadataResponse, version 12. */
function readIds(from: InternalDecoder): Map<string, string> {
  from.readTaggedFields();
  from.readInt32(); // throttle time
  from.readUVarIntArray(() => {
    from.readInt32(); // node
    from.readUVarIntString(); // host
    from.readInt32(); // port
    from.readUVarIntString(); // rack
    from.readTaggedFields();
  });
  from.readUVarIntString(); // cluster
  from.readInt32(); // controller
  const ids = new Map<string, string>();
  from.readUVarIntArray(() => {
    const errorCode = from.readInt16();
    const name = from.readUVarIntString();
    const id = from.buffer.subarray(from.offset, (from.offset += NO_ID.length));
    if (errorCode === 0 && name !== null && !id.equals(NO_ID)) ids.set(name, id.toString('base64url'));
    passOverRest(from);
  });
  return ids;
}

/** What follows the id of a topic. */
function passOverRest(from: InternalDecoder): void {
  const readNodes = () => from.readUVarIntArray(() => from.readInt32());
  from.readBoolean(); // internal
  from.readUVarIntArray(() => {
    from.readInt16(); // error
    from.readInt32(); // partition
    from.readInt32(); // leader
    from.readInt32(); // its epoch
    readNodes(); // replicas
    readNodes(); // in sync
    readNodes(); // offline
    from.readTaggedFields();
  });
  from.readInt32(); // operations that are allowed
  from.readTaggedFields();
}
