import { createHash } from 'node:crypto';
import type { MediaFile } from '../../model';
import type { KeptFileRow } from '../../store/statements/keptFiles';
import { readClaims, signClaims } from '../../store/signedClaims';
import type { MessagingContext } from '../context';
import {
  beginKeptFile,
  endKeptFile,
  readKeptFile,
  readKeptFilePart,
  saveKeptFilePart,
} from './keptFiles.unit';

/*
 * Files for a provider that fetches them by their address. n8n's own signed addresses end with the execution's data,
 * which may be deleted the moment it has run, and lead to the editor's address, which webhook processes do not serve. So
 * the bytes stand in the store, where whichever process serves a door finds them after any restart.
 */

/** What the store takes of one file; larger ones go by n8n's own address. */
export const MAX_KEPT_BYTES = 25 * 1024 * 1024;
/** One row, far below what a statement of either database takes. */
const PART_BYTES = 512 * 1024;
const KIND = { version: 'f2', purpose: 'kept-file' };

type KeptContext = Pick<MessagingContext, 'store' | 'clock'>;

/** For whom a file is kept, and for how long. */
export interface KeptFor {
  /** The contact; of somebody who is none yet, how the account calls them. */
  owner: string;
  forMs: number;
}

/**
 * Keeps a file for somebody; the same one again is only kept longer. Whoever dies in between leaves an incomplete one,
 * which nobody is given, and which the next try completes.
 * @returns the token that opens it, signed and with an end; it opens nothing any more once its owner is erased
 */
export async function keepFile(
  ctx: KeptContext,
  tenantId: string,
  file: MediaFile,
  { owner, forMs }: KeptFor,
): Promise<string> {
  const tenant = ctx.store.forTenant(tenantId);
  const id = idOf(file);
  // The token carries whole seconds.
  const expiresAt = Math.floor((ctx.clock.now() + forMs) / 1000) * 1000;
  const { row, useId } = await tenant.run(beginKeptFile, {
    id,
    owner,
    mime_type: file.mimeType,
    file_name: file.fileName,
    size: file.size,
    expires_at: expiresAt,
  });
  if (row.complete === 0) {
    const bytes = Buffer.from(await file.read());
    for (let at = 0; at < bytes.length; at += PART_BYTES) {
      const data = bytes.subarray(at, at + PART_BYTES).toString('base64');
      await tenant.run(saveKeptFilePart, { fileId: id, position: at / PART_BYTES, data });
    }
    await tenant.run(endKeptFile, { fileId: id });
  }
  return signClaims(ctx.store.sealer, KIND, [tenantId, id, expiresAt / 1000, useId]);
}

function idOf({ sha256, mimeType, fileName }: MediaFile): string {
  return createHash('sha256')
    .update(JSON.stringify([sha256, mimeType, fileName]))
    .digest('hex');
}

/** A file as it was kept. */
export interface KeptFile {
  mimeType: string;
  fileName: string | null;
  size: number;
  /** Its bytes, part by part: none is held longer than needed. */
  read(): AsyncGenerator<Buffer, void, undefined>;
}

/**
 * The file of this tenant that a token is of; null for a forged or foreign one, once it has expired, and once the person
 * it was kept for is erased.
 */
export async function openKeptFile(
  ctx: KeptContext,
  tenantId: string,
  token: string,
): Promise<KeptFile | null> {
  const [owner, fileId, seconds, useId] = readClaims(ctx.store.sealer, KIND, token) ?? [];
  if (owner !== tenantId || typeof fileId !== 'string' || typeof seconds !== 'number') return null;
  if (typeof useId !== 'string' || seconds * 1000 <= ctx.clock.now()) return null;
  const row = await ctx.store.forTenant(tenantId).run(readKeptFile, { fileId, useId });
  if (!row) return null;
  const { mime_type: mimeType, file_name: fileName, size } = row;
  return { mimeType, fileName, size, read: () => partsOf(ctx, row) };
}

async function* partsOf(
  ctx: KeptContext,
  { tenant_id: tenantId, id, size }: KeptFileRow,
): AsyncGenerator<Buffer, void, undefined> {
  const tenant = ctx.store.forTenant(tenantId);
  for (let position = 0; position * PART_BYTES < size; position += 1) {
    const data = await tenant.run(readKeptFilePart, { fileId: id, position });
    if (data === null) throw new Error('A part of a kept file is missing.');
    yield Buffer.from(data, 'base64');
  }
}
