import { createDecipheriv, createHmac, hkdfSync } from 'node:crypto';
import { StoreError } from '../../core/model';
import { createSealer } from '../../core/store/sealing';
import { describeOnBothDatabases } from '../support/storeContext';
import * as units from './support/units.cjs';

const SECRET = 'EAAG-page-token';

describeOnBothDatabases('sealed columns', (context) => {
  const store = (id: string, sealed: string) =>
    context.store.run(units.storeSealed, { id, sealed });
  const read = (id: string) => context.store.run(units.readSealed, id);

  it('open again for the row they were sealed for', async () => {
    await store('acc1', context.store.sealer.seal(SECRET, 'acc1'));
    const sealed = await read('acc1');
    expect(sealed).not.toContain(SECRET);
    expect(context.store.sealer.open(sealed, 'acc1')).toBe(SECRET);
  });

  it('do not open after they were copied to another row', async () => {
    await store('acc2', context.store.sealer.seal(SECRET, 'acc1'));
    const sealed = await read('acc2');
    expect(() => context.store.sealer.open(sealed, 'acc2')).toThrow(StoreError);
  });

  it('do not open after one bit was changed, anywhere', () => {
    const { sealer } = context.store;
    const bytes = Buffer.from(sealer.seal(SECRET, 'acc1').slice(3), 'base64url');
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8((changed[index] ?? 0) ^ 1, index);
      expect(() => sealer.open(`s1.${changed.toString('base64url')}`, 'acc1')).toThrow(StoreError);
    }
  });

  it('do not open after they were cut short', () => {
    const sealed = context.store.sealer.seal(SECRET, 'acc1');
    for (const length of [0, 3, 10, 20, sealed.length - 1]) {
      expect(() => context.store.sealer.open(sealed.slice(0, length), 'acc1')).toThrow(StoreError);
    }
  });

  it('with a lost key: the store opens, says so, and asks to reconnect the account', async () => {
    await store('acc3', context.store.sealer.seal(SECRET, 'acc3'));
    const other = await context.openAnother({ encryptionSecret: 'a new n8n made a new key' });
    expect(other.keyMatches).toBe(false);
    await expect(other.describe()).resolves.toMatchObject({ keyMatches: false });
    const sealed = await other.run(units.readSealed, 'acc3');
    expect(() => other.sealer.open(sealed, 'acc3')).toThrow(
      expect.objectContaining({
        code: 'store_key_lost',
        retryable: false,
        hint: expect.stringContaining('reconnect this account'),
      }),
    );
    await expect(other.forTenant('t').run(units.append, 'Oi')).resolves.toMatchObject({
      event: 'message.received',
    });
  });

  it('with the right key again: the store says that it matches', async () => {
    const again = await context.openAnother();
    expect(again.keyMatches).toBe(true);
  });
});

describe('[no database of its own] sealing', () => {
  it('is AES-256-GCM with a key by HKDF-SHA256, as another implementation of it opens it', () => {
    const sealed = createSealer('secret').seal('olá', 'acc1');
    const bytes = Buffer.from(sealed.slice('s1.'.length), 'base64url');
    const key = hkdfSync('sha256', 'secret', 'n8n-nodes-omnichannel', 'sealed-columns', 32);
    const decipher = createDecipheriv('aes-256-gcm', Buffer.from(key), bytes.subarray(0, 12));
    decipher.setAAD(Buffer.from('acc1'));
    decipher.setAuthTag(bytes.subarray(-16));
    const plain = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
    expect(plain.toString('utf8')).toBe('olá');
  });

  it('never gives the same text twice', () => {
    const sealer = createSealer('secret');
    expect(sealer.seal('same', 'acc1')).not.toBe(sealer.seal('same', 'acc1'));
  });

  it('gives equal texts equal fingerprints, which only the key can make', () => {
    const sealer = createSealer('secret');
    const key = Buffer.from(
      hkdfSync('sha256', 'secret', 'n8n-nodes-omnichannel', 'fingerprints', 32),
    );
    const expected = createHmac('sha256', key).update('token').digest('hex');
    expect(sealer.fingerprint('token')).toBe(expected);
    expect(createSealer('Secret').fingerprint('token')).not.toBe(expected);
  });

  it('keeps the key to itself in its check value', () => {
    const check = createSealer('secret').keyCheck();
    expect(check).toBe(createSealer('secret').keyCheck());
    expect(check).not.toBe(createSealer('Secret').keyCheck());
    const key = Buffer.from(
      hkdfSync('sha256', 'secret', 'n8n-nodes-omnichannel', 'sealed-columns', 32),
    );
    expect(check).not.toContain(key.toString('hex'));
  });
});
