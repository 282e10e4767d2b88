import { crc32, deflateSync } from 'node:zlib';
import { ControlError, type Reply } from '../http.ts';
import { tintsOf } from './avatar.ts';
import type { Context } from '../context.ts';

const SIZE = 96;
const CENTRE = (SIZE - 1) / 2;
const WHITE = [255, 255, 255] as const;

type Colour = readonly [number, number, number];

/** The picture of an account as Meta's API gives it: a bitmap. A tint that the id chooses, and a plain bust. */
export function avatarPng(context: Context, id: string): Reply {
  const { instagramAccounts, pages } = context.store.state;
  if (instagramAccounts[id] === undefined && pages[id] === undefined) {
    throw new ControlError(`There is no account with the id ${id}.`, 404);
  }
  return { status: 200, headers: { 'content-type': 'image/png' }, body: drawPng(id) };
}

function drawPng(id: string): Buffer {
  const [from, to] = tintsOf(id).map(colourOf) as [Colour, Colour];
  const rows: number[] = [];
  for (let y = 0; y < SIZE; y += 1) {
    rows.push(0); // no filter
    for (let x = 0; x < SIZE; x += 1) {
      rows.push(...(isBust(x, y) ? WHITE : mix(from, to, (x + y) / (2 * SIZE))));
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIZE, 0);
  header.writeUInt32BE(SIZE, 4);
  // 8 bits for each of red, green and blue.
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function isBust(x: number, y: number): boolean {
  const isHead = (x - CENTRE) ** 2 + (y - 36) ** 2 <= 17 ** 2;
  const isShoulders = ((x - CENTRE) / 32) ** 2 + ((y - 92) / 34) ** 2 <= 1;
  return isHead || isShoulders;
}

function mix(from: Colour, to: Colour, part: number): number[] {
  return from.map((value, index) => Math.round(value + ((to[index] ?? 0) - value) * part));
}

function colourOf(hex: string): Colour {
  const number = parseInt(hex.slice(1), 16);
  return [(number >> 16) & 255, (number >> 8) & 255, number & 255];
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
