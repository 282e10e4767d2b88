import { createHmac, randomBytes } from 'node:crypto';
import { createConnectLink, revokeConnectLink, type PortalSetup } from '../../../core/portal';
import { prune } from '../../../core/runtime';
import { describeOnBothDatabases } from '../../support/storeContext';
import {
  createPortalWorld,
  leave,
  locationOf,
  passThrough,
  rowsOf,
  walk,
  type PortalWorld,
  type TestLink,
} from './support/portal';

const MINUTE_MS = 60_000;

const base64url = (text: string) => Buffer.from(text).toString('base64url');

/** Every way that somebody without a good link may try, by what they send as its token. */
const FORGED: Array<[string, (link: TestLink) => string]> = [
  ['nothing', () => ''],
  ['something else', () => 'let me in'],
  ['a link without its end', ({ token }) => token.slice(0, -1)],
  ['a link with more at its end', ({ token }) => `${token}A`],
  ['a link without its signature', ({ token }) => token.split('.').slice(0, 2).join('.')],
  ['another last letter', ({ token }) => token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A')],
  ['claims of another link under its signature', changed({ id: '01ARZ3NDEKTSV4RRFFQ69G5FAV' })],
  ['another tenant under its signature', changed({ tenant: 'victim' })],
  ['a higher scope under its signature', changed({ scope: 'instance' })],
  ['a later end under its signature', changed({ expiresAt: 4_000_000_000 })],
  ['its own signature with a guessed key', guessedKey],
  ['no algorithm at all', ({ token }) => `${token.split('.').slice(0, 2).join('.')}.`],
  ['another version', ({ token }) => token.replace(/^c1/, 'c2')],
  ['a very long text', () => `c1.${'A'.repeat(100_000)}.${'A'.repeat(43)}`],
];

interface Changes {
  id?: string;
  tenant?: string;
  scope?: string;
  expiresAt?: number;
}

function changed(changes: Changes): (link: TestLink) => string {
  return ({ token }) => {
    const [version, claims = '', signature] = token.split('.');
    const [id, tenant, scope, expiresAt] = JSON.parse(
      Buffer.from(claims, 'base64url').toString('utf8'),
    ) as [string, string, string, number];
    const present = { id, tenant, scope, expiresAt, ...changes };
    const text = JSON.stringify([present.id, present.tenant, present.scope, present.expiresAt]);
    return `${version}.${base64url(text)}.${signature}`;
  };
}

function guessedKey({ token }: TestLink): string {
  const payload = token.split('.').slice(0, 2).join('.');
  const signature = createHmac('sha256', 'secret').update(`connect-link:${payload}`).digest();
  return `${payload}.${signature.toString('base64url')}`;
}

describeOnBothDatabases('who holds no good link', (context) => {
  let world: PortalWorld;
  let link: TestLink;
  /** The page of another tenant, which takes no links but its own. */
  let otherPage: PortalSetup;

  beforeAll(async () => {
    world = await createPortalWorld(context);
    link = await world.newLink();
    otherPage = { ...world.setup, pageId: 'workflow-2:node-2', served: { only: 'other-tenant' } };
  });
  afterAll(async () => {
    await world.close();
  });

  const READS = ['state', 'events', 'picture', 'links', 'tenants'];
  const ACTS = ['start', 'check', 'renew', 'disconnect', 'revokeLink'];

  it.each(FORGED)(
    'with %s gets the same answer everywhere, and nothing else',
    async (_what, make) => {
      const token = make(link);
      for (const what of READS) {
        const { status, body } = await world.get(what, token);
        expect([what, status, body.error.code]).toEqual([what, 401, 'link_invalid']);
      }
      for (const what of ACTS) {
        const { status, body } = await world.post(what, token, { login: 'facebook' });
        expect([what, status, body.error.code]).toEqual([what, 401, 'link_invalid']);
      }
    },
  );

  it('is not let in by a link of another tenant at a page that serves its own alone', async () => {
    for (const what of READS) {
      expect(await world.get(what, link.token, { setup: otherPage })).toMatchObject({
        status: 401,
        body: { error: { code: 'link_invalid' } },
      });
    }
  });

  it('is not let in by a link that another n8n signed', async () => {
    const other = await context.openAnother({
      target: await context.newDatabase(),
      encryptionSecret: 'the key of another n8n',
    });
    const foreign = await createConnectLink(
      { store: other, clock: context.clock },
      { tenantId: link.tenantId, scope: 'admin', lifetimeMs: 3_600_000, pageUrl: link.url },
    );
    const token = foreign.url.slice(foreign.url.indexOf('#') + 1);
    expect(await world.get('state', token)).toMatchObject({ status: 401 });
  });

  it('is not let in by a token in the address', async () => {
    const response = await world.call({ path: 'api/state', query: { token: link.token } });
    expect(response.status).toBe(401);
  });

  it('gets no stream', async () => {
    const response = await world.call({
      path: 'api/events',
      headers: { 'x-connect-token': `${link.token}x` },
    });
    expect(response).toMatchObject({ status: 401 });
    expect(response.stream).toBeUndefined();
  });

  it('is heard no more after many wrong tokens, but others are', async () => {
    const client = `the one who guesses on ${context.kind}`;
    const { token } = await world.newLink();
    for (let n = 0; n < 30; n += 1) {
      const guess = `c1.${randomBytes(20).toString('base64url')}.${randomBytes(32).toString('base64url')}`;
      expect((await world.get('state', guess, { client })).status).toBe(401);
    }
    expect(await world.get('state', token, { client })).toMatchObject({
      status: 429,
      body: { error: { code: 'too_many_attempts' } },
    });
    expect((await world.get('state', token, { client: 'another' })).status).toBe(200);
  });

  describe('tickets, states and claims', () => {
    const lost = 'connect#e.login_invalid';

    it.each([
      { what: 'an empty one', guess: '' },
      { what: 'a letter', guess: 'A' },
      { what: 'a random one', guess: randomBytes(32).toString('base64url') },
      { what: 'a path', guess: '../state' },
      { what: 'the word null', guess: 'null' },
    ])('that were never given ($what) lead nowhere', async ({ guess }) => {
      expect(locationOf(await world.call({ path: `start/${guess}` }))).toBe(`../${lost}`);
      const query = { state: guess, code: 'a code' };
      expect(locationOf(await world.call({ path: 'callback', query }))).toBe(lost);
      for (const what of ['complete', 'choose', 'again']) {
        expect(await world.post(what, guess, { ids: ['messenger:1'] })).toMatchObject({
          status: 400,
          body: { error: { code: 'login_invalid' } },
        });
      }
    });

    it('that come without a state lead nowhere', async () => {
      const query = { code: 'a code' };
      expect(locationOf(await world.call({ path: 'callback', query }))).toBe(lost);
    });

    it('are good once', async () => {
      const { dialog, ticketPath } = await leave(world, link.token);
      expect(locationOf(await world.call({ path: ticketPath }))).toBe('../connect#e.login_used');
      const back = await passThrough(dialog);
      const query = Object.fromEntries(back.searchParams);
      const first = locationOf(await world.call({ path: 'callback', query }));
      expect(first).toMatch(/^connect#w\./);
      const second = locationOf(await world.call({ path: 'callback', query }));
      expect(second).toBe('connect#e.login_used');
    });

    it('are good at the page that gave them alone', async () => {
      const started = await world.post('start', link.token, { login: 'facebook' });
      const path = String(started.body.path);
      expect(locationOf(await world.call({ path, setup: otherPage }))).toBe(`../${lost}`);
      const { dialog } = await leave(world, link.token);
      const back = await passThrough(dialog);
      const query = Object.fromEntries(back.searchParams);
      const there = await world.call({ path: 'callback', query, setup: otherPage });
      expect(locationOf(there)).toBe(lost);
      const { claim } = await walk(world, link.token);
      expect(await world.post('complete', claim, {}, { setup: otherPage })).toMatchObject({
        body: { error: { code: 'login_invalid' } },
      });
    });

    it('are no links, and links are none of them', async () => {
      const { claim } = await walk(world, link.token);
      expect(await world.get('state', claim)).toMatchObject({ status: 401 });
      expect(await world.post('complete', link.token)).toMatchObject({
        body: { error: { code: 'login_invalid' } },
      });
    });

    it('end after ten minutes, each step by itself', async () => {
      const now = context.clock.now();
      const started = await world.post('start', link.token, { login: 'facebook' });
      context.clock.advance(10 * MINUTE_MS);
      const tooLate = await world.call({ path: String(started.body.path) });
      expect(locationOf(tooLate)).toBe('../connect#e.login_expired');

      const { dialog } = await leave(world, link.token);
      const back = await passThrough(dialog);
      context.clock.advance(10 * MINUTE_MS);
      const query = Object.fromEntries(back.searchParams);
      expect(locationOf(await world.call({ path: 'callback', query }))).toBe(
        'connect#e.login_expired',
      );

      const { claim } = await walk(world, link.token);
      context.clock.advance(10 * MINUTE_MS);
      expect(await world.post('complete', claim)).toMatchObject({
        body: { error: { code: 'login_expired' } },
      });
      context.clock.set(now);
    });

    it('end with their link', async () => {
      const doomed = await world.newLink();
      const started = await world.post('start', doomed.token, { login: 'facebook' });
      const { dialog } = await leave(world, doomed.token);
      const { claim } = await walk(world, doomed.token);
      await revokeConnectLink(world.ctx, doomed.tenantId, doomed.id);
      const path = String(started.body.path);
      expect(locationOf(await world.call({ path }))).toBe('../connect#e.link_revoked');
      const query = Object.fromEntries((await passThrough(dialog)).searchParams);
      expect(locationOf(await world.call({ path: 'callback', query }))).toBe(
        'connect#e.link_revoked',
      );
      expect(await world.post('complete', claim)).toMatchObject({
        body: { error: { code: 'link_revoked' } },
      });
    });

    it('are stored as hashes alone', async () => {
      const { token, tenantId } = await world.newLink();
      const { dialog, ticketPath } = await leave(world, token);
      const rows = await rowsOf(context.store.forTenant(tenantId), 'oauth_states');
      const stored = JSON.stringify(rows);
      expect(stored).not.toContain(ticketPath.split('/')[1]);
      expect(stored).not.toContain(dialog.searchParams.get('state'));
      expect(Buffer.from(dialog.searchParams.get('state') ?? '', 'base64url')).toHaveLength(32);
    });

    it('are forgotten with what was sealed in them, an hour after their last step was due', async () => {
      const { token, tenantId } = await world.newLink();
      const rows = async () => rowsOf(context.store.forTenant(tenantId), 'oauth_states');
      await walk(world, token);
      await prune(context);
      expect(await rows()).toHaveLength(1);
      context.clock.advance(2 * 3_600_000);
      await prune(context);
      expect(await rows()).toEqual([]);
    });

    it('are offered so often and no more', async () => {
      const { token } = await world.newLink();
      for (let n = 0; n < 60; n += 1) {
        expect((await world.post('start', token, { login: 'facebook' })).status).toBe(200);
      }
      expect(await world.post('start', token, { login: 'facebook' })).toMatchObject({
        status: 429,
        body: { error: { code: 'too_many_attempts' } },
      });
    });
  });

  it('gets an answer in the sandbox to everything', async () => {
    const calls = [
      { path: 'api/state' },
      { path: 'api/nothing' },
      { path: 'nothing' },
      { path: 'start/x' },
      { path: 'callback' },
      { path: 'deletion/x' },
      { method: 'POST', path: 'api/start' },
      { method: 'POST', path: 'meta/deauthorize' },
      { method: 'POST', path: 'meta/nothing' },
    ] as const;
    for (const call of calls) {
      const { headers } = await world.call(call);
      const policy = headers['content-security-policy'] ?? '';
      expect(policy).toMatch(/^sandbox allow-scripts/);
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toContain('allow-same-origin');
      expect(headers).toMatchObject({
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      });
      expect(Object.keys(headers)).not.toContain('set-cookie');
    }
  });
});
