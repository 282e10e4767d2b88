import { settleUnknownSends, type SendMessageInput } from '../../../core/messaging';
import { sendMessage } from '../../../core/messaging';
import { ProviderError } from '../../../core/model';
import { saveSettings } from '../../../core/tenants';
import { describeOnBothDatabases } from '../../support/storeContext';
import { agree, agreeingWorld, NO_QUIET, templateOf } from './support/agreeing';
import { insertRows } from '../tenants/support/tenantUnits.cjs';
import { createWorld, CUSTOMER, DAY_MS, type World } from './support/world';

let keys = 0;
const marketing = (world: World, parts: Partial<SendMessageInput> = {}) => {
  keys += 1;
  const content = templateOf('marketing');
  return world.send({ content, category: 'marketing', idempotencyKey: `cap ${keys}`, ...parts });
};

describeOnBothDatabases('the cap of marketing messages', (context) => {
  it('lets one through in seven days, and says when the next may go', async () => {
    const world = await agreeingWorld(context);
    const firstAt = context.clock.now();
    expect(await marketing(world)).toMatchObject({ status: 'sent' });
    context.clock.advance(3 * DAY_MS);
    const second = await marketing(world);
    expect(second).toMatchObject({
      status: 'skipped',
      reason: 'frequency_cap',
      retryAt: new Date(firstAt + 7 * DAY_MS).toISOString(),
      retryAfterMs: 4 * DAY_MS,
      messageId: null,
      detail: expect.stringMatching(/one marketing message in 7 days.*Nothing was sent\./),
    });
    expect(world.provider.calls).toHaveLength(1);
    context.clock.advance(4 * DAY_MS - 1);
    expect(await marketing(world)).toMatchObject({ reason: 'frequency_cap' });
    context.clock.advance(1);
    expect(await marketing(world)).toMatchObject({ status: 'sent' });
  });

  it('keeps nothing reserved of what it holds back, so that the same key goes later', async () => {
    const world = await agreeingWorld(context);
    await marketing(world);
    expect(await marketing(world, { idempotencyKey: 'later' })).toMatchObject({
      reason: 'frequency_cap',
    });
    expect(await world.rows('idempotency_keys')).toHaveLength(1);
    context.clock.advance(7 * DAY_MS);
    expect(await marketing(world, { idempotencyKey: 'later' })).toMatchObject({ status: 'sent' });
  });

  it('gives the same key its first result, whatever has been counted since', async () => {
    const world = await agreeingWorld(context);
    const first = await marketing(world, { idempotencyKey: 'same' });
    expect(await marketing(world, { idempotencyKey: 'same' })).toEqual({
      ...first,
      rateLimit: undefined,
      duplicate: true,
    });
  });

  it('counts what two processes send at once: each person gets one', async () => {
    const world = await agreeingWorld(context, { caps: { marketing: { count: 2, days: 7 } } });
    const others = ['41', '42', '43'];
    for (const externalId of others) await agree(world, externalId);
    const beside = world.beside(await context.openAnother());
    const results = await Promise.all(
      [CUSTOMER, ...others].flatMap((recipientExternalId) =>
        [world.ctx, beside, world.ctx, beside, beside].map((ctx) => {
          keys += 1;
          return sendMessage(ctx, {
            tenantId: world.tenantId,
            accountId: world.account.id,
            recipientExternalId,
            content: templateOf('marketing'),
            category: 'marketing',
            idempotencyKey: `race ${keys}`,
          });
        }),
      ),
    );
    expect(results.filter(({ status }) => status === 'sent')).toHaveLength(8);
    expect(results.filter(({ reason }) => reason === 'frequency_cap')).toHaveLength(12);
    for (const externalId of [CUSTOMER, ...others]) {
      expect(world.provider.conversations.get(externalId)).toHaveLength(2);
    }
  });

  it('counts over all accounts of the tenant, and no other tenant', async () => {
    const world = await agreeingWorld(context);
    await marketing(world);
    const elsewhere = await createWorld(context, { channel: 'instagram', tenant: world.tenant });
    elsewhere.provider.moreAbilities = { windowFreeTypes: ['template'] };
    const [contact] = await world.rows('contacts');
    // One person, known at both accounts.
    await world.tenant.run(insertRows, {
      contact_identities: [
        {
          account_id: elsewhere.account.id,
          external_id: 'ig-1',
          contact_id: contact?.id ?? '',
          is_alias: 0,
          profile_failures: 0,
          created_at: 1,
        },
      ],
    });
    await elsewhere.receive(elsewhere.event('message', { contact: { externalId: 'ig-1' } }));
    const there = await marketing(elsewhere, { recipientExternalId: 'ig-1' });
    expect(there).toMatchObject({ reason: 'frequency_cap', contactId: contact?.id });
    const other = await agreeingWorld(context);
    expect(await marketing(other)).toMatchObject({ status: 'sent' });
  });

  it('counts a message whose outcome nobody knows yet, and no longer one that failed for sure', async () => {
    const world = await agreeingWorld(context);
    world.provider.behaviours.push('cut');
    expect(await marketing(world, { idempotencyKey: 'cut' })).toMatchObject({ status: 'unknown' });
    expect(await marketing(world)).toMatchObject({ reason: 'frequency_cap' });
    await world.age('cut', 60_000);
    // Proven absent, and sent again: it is itself, and not one too many.
    expect(await settleUnknownSends(world.ctx)).toMatchObject({ sent: 1 });
    expect(await marketing(world)).toMatchObject({ reason: 'frequency_cap' });

    const unlucky = await agreeingWorld(context);
    unlucky.provider.behaviours.push(
      new ProviderError('provider_rejected', 'No.', 'invalid', 100, null),
    );
    expect(await marketing(unlucky)).toMatchObject({ status: 'failed' });
    expect(await marketing(unlucky)).toMatchObject({ status: 'sent' });
  });

  it('counts a message in several parts once', async () => {
    const world = await agreeingWorld(context, { caps: { marketing: { count: 2, days: 7 } } });
    const content = { type: 'text' as const, text: 'uma frase longa. '.repeat(150) };
    const long = await marketing(world, { content });
    expect(long).toMatchObject({ status: 'sent', partsTotal: 3 });
    expect(await marketing(world)).toMatchObject({ status: 'sent' });
    expect(await marketing(world)).toMatchObject({ reason: 'frequency_cap' });
  });

  it('leaves answers, utility and what says nothing of itself alone', async () => {
    const world = await agreeingWorld(context);
    await marketing(world);
    const content = { type: 'text' as const, text: 'Oi!' };
    expect(await marketing(world, { category: 'response', content })).toMatchObject({
      status: 'sent',
    });
    expect(await marketing(world, { category: 'utility', content })).toMatchObject({
      status: 'sent',
    });
    expect(await marketing(world, { category: undefined, content })).toMatchObject({
      status: 'sent',
    });
  });

  it('counts a marketing template of a node that says nothing of it', async () => {
    const world = await agreeingWorld(context);
    expect(await marketing(world, { category: undefined })).toMatchObject({ status: 'sent' });
    expect(await marketing(world)).toMatchObject({ reason: 'frequency_cap' });
  });

  it('of none lets none through, and knows no time when it would', async () => {
    const world = await agreeingWorld(context, { caps: { marketing: { count: 0 } } });
    const result = await marketing(world);
    expect(result).toMatchObject({ reason: 'frequency_cap' });
    expect(result.retryAt).toBeUndefined();
  });

  it('is said last: what else stands in the way would still be there after it', async () => {
    const world = await agreeingWorld(context);
    await marketing(world);
    await saveSettings(world.ctx, world.tenantId, { safeMode: { on: true } });
    expect(await marketing(world)).toMatchObject({ reason: 'safe_mode' });
    const quiet = { ...NO_QUIET.marketing, from: '12:00', to: '12:01' };
    const safeMode = { on: false };
    await saveSettings(world.ctx, world.tenantId, { safeMode, quietHours: { marketing: quiet } });
    context.clock.set(Date.parse('2027-01-04T18:00:00Z'));
    expect(await marketing(world)).toMatchObject({
      reason: 'quiet_hours',
      retryAt: '2027-01-05T15:00:00.000Z',
    });
  });
});
