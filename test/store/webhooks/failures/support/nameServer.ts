import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import path from 'node:path';
import type { DispatcherSetup } from '../../support/dispatcherProcess';

/** What a name server says of one question: IPv4 addresses, or a failure by its name of RFC 1035. */
export type NameAnswer = readonly string[] | 'NXDOMAIN' | 'SERVFAIL';

export interface NameServer {
  /** Names that were asked for, in order. */
  readonly questions: string[];
  /** What a dispatcher is started with so that it asks this server instead of the system's resolver. */
  readonly setup: Required<Pick<DispatcherSetup, 'prelude' | 'env'>>;
  close(): Promise<void>;
}

const CODES = { SERVFAIL: 2, NXDOMAIN: 3 } as const;
const HEADER_BYTES = 12;
const TYPE_A = 1;

/** A real DNS server on a UDP port of this machine. Its answers live 0 seconds. @param answer asked for every A question */
export async function startNameServer(
  answer: (name: string, count: number) => NameAnswer,
): Promise<NameServer> {
  const questions: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (query, { port, address }) => {
    const { name, type, end } = readQuestion(query);
    let said: NameAnswer = [];
    if (type === TYPE_A) {
      questions.push(name);
      said = answer(name, questions.filter((one) => one === name).length);
    }
    socket.send(reply(query, end, said), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    questions,
    setup: {
      prelude: path.resolve(__dirname, 'nameServerPrelude.cjs'),
      env: { NAME_SERVER: `127.0.0.1:${socket.address().port}` },
    },
    close: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let size = query[at] ?? 0; size > 0; size = query[at] ?? 0) {
    labels.push(query.toString('ascii', at + 1, at + 1 + size));
    at += 1 + size;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function reply(query: Buffer, questionEnd: number, said: NameAnswer): Buffer {
  const addresses = typeof said === 'string' ? [] : said;
  const header = Buffer.alloc(HEADER_BYTES);
  query.copy(header, 0, 0, 2);
  // A response, recursion desired and available.
  header.writeUInt16BE(0x8180 | (typeof said === 'string' ? CODES[said] : 0), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(addresses.length, 6);
  const records = addresses.map((address) =>
    Buffer.from([
      0xc0,
      HEADER_BYTES,
      0,
      TYPE_A,
      0,
      1,
      0,
      0,
      0,
      0,
      0,
      4,
      ...address.split('.').map(Number),
    ]),
  );
  return Buffer.concat([header, query.subarray(HEADER_BYTES, questionEnd), ...records]);
}
