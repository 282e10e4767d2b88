import { Webhook } from 'standardwebhooks';
import {
  createSubscription,
  deleteSubscription,
  getSubscription,
  listSubscriptions,
  regenerateSecret,
  updateSubscription,
} from '../../../core/webhooks';
import { describeOnBothDatabases } from '../../support/storeContext';
import { readSubscriptionRow } from './support/webhookUnits.cjs';
import { happen, received, webhooksOf } from './support/webhooks';

const URL_OF_CRM = 'https://crm.example.com/hook';

describeOnBothDatabases('webhook subscriptions', (context) => {
  const webhooks = webhooksOf(context);
  const make = (tenantId: string, fields = {}) =>
    createSubscription(webhooks.ctx, {
      tenantId,
      name: 'CRM',
      url: URL_OF_CRM,
      events: ['deal.moved'],
      ...fields,
    });

  it('shows a strong secret once, keeps it sealed and masks it afterwards', async () => {
    const tenant = context.newTenant();
    const { secret, standardSecret, id } = await make(tenant.tenantId);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/);
    expect(standardSecret).toBe(secret);
    const shown = await getSubscription(webhooks.ctx, tenant.tenantId, id);
    expect(JSON.stringify(shown)).not.toContain(secret.slice(6, 20));
    expect(shown.secretHint).toBe(`whsec_••••${secret.slice(-4)}`);
    const row = await tenant.run(readSubscriptionRow, id);
    expect(JSON.stringify(row)).not.toContain(secret.slice(6, 20));
  });

  it('fills in the defaults of the contract', async () => {
    const tenant = context.newTenant();
    const { id } = await make(tenant.tenantId, { events: ['*'] });
    expect(await getSubscription(webhooks.ctx, tenant.tenantId, id)).toMatchObject({
      id,
      name: 'CRM',
      url: URL_OF_CRM,
      events: ['*'],
      active: true,
      accounts: [],
      channels: [],
      headers: {},
      userAgent: 'n8n-nodes-omnichannel/1.2.3',
      retrySchedule: [1, 5, 15],
      maxConcurrent: 5,
      health: { circuit: 'closed', consecutiveFailures: 0 },
    });
  });

  it('keeps the subscriptions of tenants apart', async () => {
    const [mine, theirs] = [context.newTenant(), context.newTenant()];
    const { id } = await make(mine.tenantId);
    await expect(getSubscription(webhooks.ctx, theirs.tenantId, id)).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(deleteSubscription(webhooks.ctx, theirs.tenantId, id)).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await listSubscriptions(webhooks.ctx, theirs.tenantId)).toEqual([]);
    expect(await listSubscriptions(webhooks.ctx, mine.tenantId)).toHaveLength(1);
  });

  it('masks header values that look like keys, keeps them when the mask comes back, and sends them', async () => {
    const tenant = context.newTenant();
    const server = await webhooks.receiver();
    const { id } = await webhooks.subscribe(tenant, server, {
      headers: { Authorization: 'Bearer s3cret', 'X-Team': 'sales' },
      userAgent: 'Clinic/2',
    });
    const shown = await getSubscription(webhooks.ctx, tenant.tenantId, id);
    expect(shown.headers).toEqual({ authorization: '••••••', 'x-team': 'sales' });
    await updateSubscription(webhooks.ctx, {
      tenantId: tenant.tenantId,
      id,
      headers: { ...shown.headers, 'x-team': 'care' },
    });
    webhooks.start();
    await happen(tenant, { conversation: 'c1' });
    const [request] = await received(server, 1);
    expect(request.headers).toMatchObject({
      authorization: 'Bearer s3cret',
      'x-team': 'care',
      'user-agent': 'Clinic/2',
    });
  });

  it('lets every displayed secret verify the next delivery while it is in its overlap', async () => {
    const tenant = context.newTenant();
    const server = await webhooks.receiver();
    const { secret: first, id } = await webhooks.subscribe(tenant, server);
    const input = { tenantId: tenant.tenantId, id };
    const { secret: second } = await regenerateSecret(webhooks.ctx, input);
    const { secret: third, previousSecrets } = await regenerateSecret(webhooks.ctx, {
      ...input,
      gracePeriodSeconds: 60,
    });
    expect(previousSecrets).toHaveLength(2);
    webhooks.start();
    await happen(tenant, { conversation: 'c1' });
    const [request] = await received(server, 1);
    const headers = request.headers as Record<string, string>;
    for (const secret of [first, second, third]) {
      expect(() => new Webhook(secret).verify(request.body, headers)).not.toThrow();
    }

    // The second one's minute is over, the first one's day is not.
    context.clock.advance(61_000);
    await happen(tenant, { conversation: 'c1' });
    const [, later] = await received(server, 2);
    const tolerant = (secret: string) =>
      expect(later.headers['webhook-signature']).toContain(
        new Webhook(secret).sign(
          String(later.headers['webhook-id']),
          new Date(Number(later.headers['webhook-timestamp']) * 1000),
          later.body,
        ),
      );
    tolerant(third);
    tolerant(first);
    expect(() => tolerant(second)).toThrow();
  });

  it('refuses a fourth secret inside the overlaps, and ends the old one at once when asked', async () => {
    const tenant = context.newTenant();
    const { id } = await make(tenant.tenantId);
    const input = { tenantId: tenant.tenantId, id };
    for (let old = 0; old < 3; old += 1) await regenerateSecret(webhooks.ctx, input);
    await expect(regenerateSecret(webhooks.ctx, input)).rejects.toMatchObject({
      field: 'Grace Period',
      hint: expect.stringContaining('set the grace period to 0'),
    });
    const rotated = await regenerateSecret(webhooks.ctx, { ...input, gracePeriodSeconds: 0 });
    expect(rotated.previousSecrets).toHaveLength(3);
  });

  it('keeps both secrets of two rotations at the same moment', async () => {
    const tenant = context.newTenant();
    const { id } = await make(tenant.tenantId);
    const input = { tenantId: tenant.tenantId, id };
    const rotated = await Promise.all([1, 2].map(() => regenerateSecret(webhooks.ctx, input)));
    const hints = rotated.map(({ secret }) => `whsec_••••${secret.slice(-4)}`);
    const shown = await getSubscription(webhooks.ctx, tenant.tenantId, id);
    const all = [shown.secretHint, ...shown.previousSecrets.map(({ hint }) => hint)];
    expect(all).toEqual(expect.arrayContaining(hints));
    expect(all).toHaveLength(3);
  });

  it('changes only what is given', async () => {
    const tenant = context.newTenant();
    const { id } = await make(tenant.tenantId, { retrySchedule: 'standard' });
    const changed = await updateSubscription(webhooks.ctx, {
      tenantId: tenant.tenantId,
      id,
      events: ['deal.moved', 'order.paid'],
    });
    expect(changed.events).toEqual(['deal.moved', 'order.paid']);
    expect(changed.retrySchedule).toHaveLength(9);
    expect(changed.url).toBe(URL_OF_CRM);
  });
});
