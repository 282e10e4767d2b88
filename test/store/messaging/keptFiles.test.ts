import { createHash, randomBytes } from 'node:crypto';
import { keepFile, openKeptFile } from '../../../core/messaging';
import type { MediaFile } from '../../../core/model';
import { prune } from '../../../core/runtime/prune';
import { describeOnBothDatabases } from '../../support/storeContext';
import { createWorld, type World } from './support/world';

const HOUR_MS = 3_600_000;

/** Three parts, and something of a fourth. */
const BYTES = randomBytes(1_700_000);

function fileOf(bytes: Buffer, read: () => Promise<Uint8Array> = async () => bytes): MediaFile {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { sha256, size: bytes.length, mimeType: 'application/pdf', fileName: 'exame.pdf', read };
}

describeOnBothDatabases('files that a provider fetches', (context) => {
  let world: World;
  beforeEach(async () => {
    context.clock.set(Date.now());
    world = await createWorld(context);
  });

  const bytesOf = async (token: string, tenantId = world.tenantId): Promise<Buffer | null> => {
    const file = await openKeptFile(world.ctx, tenantId, token);
    if (file === null) return null;
    const parts: Buffer[] = [];
    for await (const part of file.read()) parts.push(part);
    return Buffer.concat(parts);
  };
  const keep = (file = fileOf(BYTES), forMs = HOUR_MS, owner = 'ana') =>
    keepFile(world.ctx, world.tenantId, file, { owner, forMs });

  it('come back byte for byte, with their type and name', async () => {
    const token = await keep();
    expect(await openKeptFile(world.ctx, world.tenantId, token)).toMatchObject({
      mimeType: 'application/pdf',
      fileName: 'exame.pdf',
      size: BYTES.length,
    });
    expect((await bytesOf(token))?.equals(BYTES)).toBe(true);
    expect(await world.rows('kept_file_parts')).toHaveLength(4);
  });

  it('are kept once, however many messages carry them', async () => {
    await keep();
    const unread = fileOf(BYTES, () => Promise.reject(new Error('was read again')));
    const token = await keep(unread);
    expect((await bytesOf(token))?.equals(BYTES)).toBe(true);
    expect(await world.rows('kept_files')).toHaveLength(1);
  });

  it('are given to nobody with a forged token, with that of another tenant, or too late', async () => {
    const token = await keep();
    const forged = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
    expect(await bytesOf(forged)).toBeNull();
    expect(await bytesOf('')).toBeNull();
    expect(await bytesOf(token, context.newTenant().tenantId)).toBeNull();
    context.clock.advance(HOUR_MS - 2_000);
    expect(await bytesOf(token)).not.toBeNull();
    context.clock.advance(2_000);
    expect(await bytesOf(token)).toBeNull();
  });

  it('are whole after a process died over them', async () => {
    const dying = fileOf(BYTES, () => Promise.reject(new Error('killed')));
    await expect(keep(dying)).rejects.toThrow('killed');
    expect(await world.rows('kept_files')).toMatchObject([{ complete: 0 }]);
    const token = await keep();
    expect((await bytesOf(token))?.equals(BYTES)).toBe(true);
  });

  it('go when the last of their tokens has expired, with every part', async () => {
    await keep(fileOf(BYTES), HOUR_MS);
    const longer = await keep(fileOf(BYTES), 3 * HOUR_MS);
    context.clock.advance(2 * HOUR_MS);
    await prune(world.ctx);
    expect((await bytesOf(longer))?.equals(BYTES)).toBe(true);
    context.clock.advance(2 * HOUR_MS);
    await prune(world.ctx);
    expect(await world.rows('kept_files')).toEqual([]);
    expect(await world.rows('kept_file_parts')).toEqual([]);
    expect(await world.rows('kept_file_uses')).toEqual([]);
  });

  it('stand once for all that they are kept for, with a token for each', async () => {
    const tokens = [await keep(), await keep(fileOf(BYTES), 2 * HOUR_MS), await keep()];
    const bruno = await keep(fileOf(BYTES), HOUR_MS, 'bruno');
    expect(await world.rows('kept_files')).toHaveLength(1);
    expect(await world.rows('kept_file_uses')).toHaveLength(2);
    for (const token of [...tokens, bruno]) expect(await bytesOf(token)).not.toBeNull();
  });
});
