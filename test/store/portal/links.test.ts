import { listConnectLinks, revokeConnectLink } from '../../../core/portal';
import { describeOnBothDatabases } from '../../support/storeContext';
import { createPortalWorld, PAGE_URL, type PortalWorld } from './support/portal';

const HOUR_MS = 3_600_000;

describeOnBothDatabases('links to the connect page', (context) => {
  let world: PortalWorld;
  beforeAll(async () => {
    world = await createPortalWorld(context);
  });
  afterAll(async () => {
    await world.close();
  });

  it('open the page for their tenant, with what opens it behind the #', async () => {
    const link = await world.newLink({ name: ' Clínica Sol ', language: 'pt-BR' });
    expect(link.url).toBe(`${PAGE_URL}#${link.token}`);
    const { status, body } = await world.get('state', link.token);
    expect(status).toBe(200);
    expect(body.link).toMatchObject({
      scope: 'connect',
      name: 'Clínica Sol',
      language: 'pt-BR',
      tenantId: link.tenantId,
    });
    expect(body).toMatchObject({ accounts: [], attempts: [], logins: ['facebook', 'instagram'] });
  });

  it('are stored without what opens them', async () => {
    const link = await world.newLink();
    const stored = JSON.stringify(await listConnectLinks(world.ctx, link.tenantId));
    expect(stored).toContain(link.id);
    expect(stored).not.toContain(link.token.split('.')[2]);
  });

  it('end when their time is over', async () => {
    const link = await world.newLink({ lifetimeMs: HOUR_MS });
    const now = context.clock.now();
    context.clock.advance(HOUR_MS);
    expect(await world.get('state', link.token)).toMatchObject({
      status: 401,
      body: { error: { code: 'link_expired' } },
    });
    context.clock.set(now);
  });

  it('can be withdrawn by id and by address, once for good', async () => {
    const first = await world.newLink();
    const second = await world.newLink({ tenantId: first.tenantId });
    const revoked = await revokeConnectLink(world.ctx, first.tenantId, first.id);
    await revokeConnectLink(world.ctx, first.tenantId, second.url);
    const again = await revokeConnectLink(world.ctx, first.tenantId, first.id);
    expect(again.revokedAt).toBe(revoked.revokedAt);
    for (const { token } of [first, second]) {
      expect(await world.get('state', token)).toMatchObject({
        status: 401,
        body: { error: { code: 'link_revoked' } },
      });
    }
  });

  it('cannot be withdrawn by another tenant', async () => {
    const link = await world.newLink();
    const other = context.newTenant();
    for (const name of [link.id, link.url, link.token]) {
      await expect(revokeConnectLink(world.ctx, other.tenantId, name)).rejects.toMatchObject({
        code: 'not_found',
      });
    }
    expect((await world.get('state', link.token)).status).toBe(200);
  });

  it.each([
    ['a scope that is none', { scope: 'root' as 'admin' }, 'Scope'],
    ['no time at all', { lifetimeMs: 0 }, 'Expires After'],
    ['more than a year', { lifetimeMs: 400 * 24 * HOUR_MS }, 'Expires After'],
    ['an address that is none', { pageUrl: 'connect.example.com' }, 'Page Address'],
    ['an address of another kind', { pageUrl: 'javascript:alert(1)' }, 'Page Address'],
  ])('are not made with %s', async (_what, parts, field) => {
    await expect(world.newLink(parts)).rejects.toMatchObject({ code: 'invalid_input', field });
  });

  it('name the scope that is missing', async () => {
    const connect = await world.newLink();
    const admin = await world.newLink({ tenantId: connect.tenantId, scope: 'admin' });
    expect(await world.get('links', connect.token)).toMatchObject({
      status: 403,
      body: { error: { code: 'scope_missing', scope: 'admin' } },
    });
    expect(await world.get('tenants', admin.token)).toMatchObject({
      status: 403,
      body: { error: { code: 'scope_missing', scope: 'instance' } },
    });
    const elsewhere = { headers: { 'x-connect-tenant': 'somebody-else' } };
    expect(await world.get('state', admin.token, elsewhere)).toMatchObject({
      status: 403,
      body: { error: { code: 'scope_missing', scope: 'instance' } },
    });
  });

  it('of an admin list and withdraw links, but none that open more', async () => {
    const admin = await world.newLink({ scope: 'admin' });
    const { tenantId } = admin;
    const customer = await world.newLink({ tenantId, name: 'For Ana' });
    const instance = await world.newLink({ tenantId, scope: 'instance' });
    const listed = await world.get('links', admin.token);
    expect(listed.body.links.map((link: { id: string }) => link.id).sort()).toEqual(
      [admin.id, customer.id].sort(),
    );
    const withdrawn = await world.post('revokeLink', admin.token, { linkId: customer.id });
    expect(
      withdrawn.body.links.find((link: { id: string }) => link.id === customer.id).revokedAt,
    ).not.toBeNull();
    expect(await world.post('revokeLink', admin.token, { linkId: instance.id })).toMatchObject({
      status: 404,
    });
    expect((await world.get('state', customer.token)).status).toBe(401);
  });

  it('for the whole instance look at every tenant', async () => {
    const instance = await world.newLink({ scope: 'instance' });
    const other = await world.newLink();
    const { body } = await world.get('tenants', instance.token);
    expect(body.tenants.map(({ id }: { id: string }) => id)).toEqual(
      expect.arrayContaining([instance.tenantId, other.tenantId]),
    );
    const looked = await world.get('state', instance.token, {
      headers: { 'x-connect-tenant': other.tenantId },
    });
    expect(looked).toMatchObject({
      status: 200,
      body: { link: { tenantId: other.tenantId }, logins: [] },
    });
  });
});
