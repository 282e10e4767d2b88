import { createHash } from 'node:crypto';
import { sendMessage } from '../../../core/messaging';
import { InvalidContentError, ProviderError, type MediaFile } from '../../../core/model';
import { describeOnBothDatabases } from '../../support/storeContext';
import { createWorld, DAY_MS, type World } from './support/world';

/** A file that counts how often it is read. */
function fileOf(bytes: string): MediaFile & { reads: () => number } {
  let reads = 0;
  return {
    sha256: createHash('sha256').update(bytes).digest('hex'),
    size: bytes.length,
    mimeType: 'image/png',
    fileName: 'mapa.png',
    read: async () => {
      reads += 1;
      return Buffer.from(bytes);
    },
    reads: () => reads,
  };
}

describeOnBothDatabases('a message with a file', (context) => {
  async function create(people: number): Promise<World> {
    const world = await createWorld(context);
    for (let index = 0; index < people; index += 1) {
      await world.receive(world.event('message', { contact: { externalId: `person-${index}` } }));
    }
    return world;
  }
  const sendTo = (world: World, index: number, file: MediaFile) =>
    sendMessage(world.ctx, {
      tenantId: world.tenantId,
      accountId: world.account.id,
      recipientExternalId: `person-${index}`,
      content: { type: 'image', media: { file } },
      idempotencyKey: `key-${index}`,
    });

  it('is uploaded once, however many messages carry it at the same time, and again in another run', async () => {
    const world = await create(30);
    const file = fileOf('uma imagem');
    const results = await Promise.all(
      Array.from({ length: 30 }, (_, index) => sendTo(world, index, file)),
    );
    expect(results.every(({ status }) => status === 'sent')).toBe(true);
    expect(world.provider.uploads).toHaveLength(1);
    expect(file.reads()).toBe(1);
    await world.send({
      recipientExternalId: 'person-0',
      content: { type: 'image', media: { file } },
      idempotencyKey: 'later',
    });
    expect(world.provider.uploads).toHaveLength(1);
    const sent = world.provider.calls.map(({ content }) => content);
    expect(new Set(sent.map((content) => JSON.stringify(content))).size).toBe(1);
  });

  it('reserves the id of the file, never its bytes', async () => {
    const world = await create(1);
    world.provider.behaviours.push('cut');
    await sendTo(world, 0, fileOf('x'.repeat(200_000)));
    const [key] = await world.rows('idempotency_keys');
    expect(key?.request.length).toBeLessThan(1_000);
    const request = context.store.sealer.open(key?.request ?? '', key?.message_id ?? '');
    expect(request).toContain('"attachmentId":"upload-1"');
  });

  it('is uploaded for each kind, account and content by itself, and anew after a while', async () => {
    const world = await create(3);
    await sendTo(world, 0, fileOf('a'));
    await sendTo(world, 1, fileOf('b'));
    const other = await createWorld(context, { tenant: world.tenant });
    await other.receive(other.event('message', { contact: { externalId: 'person-9' } }));
    await other.send({
      recipientExternalId: 'person-9',
      content: { type: 'image', media: { file: fileOf('a') } },
      idempotencyKey: 'other',
    });
    expect([world.provider.uploads.length, other.provider.uploads.length]).toEqual([2, 1]);
    context.clock.advance(26 * DAY_MS);
    await world.receive(world.event('message', { contact: { externalId: 'person-2' } }));
    await sendTo(world, 2, fileOf('a'));
    expect(world.provider.uploads).toHaveLength(3);
  });

  it('is uploaded anew when the provider no longer knows it', async () => {
    const world = await create(2);
    const file = fileOf('esquecida');
    await sendTo(world, 0, file);
    world.provider.behaviours.push(
      new ProviderError(
        'invalid_content',
        'The stored attachment does not exist.',
        'media',
        100,
        2018074,
      ),
    );
    expect(await sendTo(world, 1, file)).toMatchObject({ status: 'sent' });
    expect(world.provider.uploads).toHaveLength(2);
    expect(world.provider.delivered('person-1')).toBe(1);
  });

  it('fails with the sentence of the upload, and reserves nothing', async () => {
    const world = await create(1);
    world.provider.uploadFailure = new InvalidContentError('Input Binary Field', 'Too large.', {
      hint: 'Make it smaller.',
    });
    expect(await sendTo(world, 0, fileOf('grande'))).toMatchObject({
      status: 'failed',
      reason: 'invalid_content',
      detail: 'Too large. Make it smaller.',
      messageId: null,
    });
    expect(await world.rows('idempotency_keys')).toEqual([]);
    expect(world.provider.calls).toEqual([]);
    world.provider.uploadFailure = null;
    expect(await sendTo(world, 0, fileOf('grande'))).toMatchObject({ status: 'sent' });
  });
});
