import { createHmac } from 'node:crypto';
import type { PortalSetup } from '../../../core/portal';
import { describeOnBothDatabases } from '../../support/storeContext';
import {
  createPortalWorld,
  locationOf,
  rowsOf,
  walk,
  type PortalWorld,
  type TestLink,
} from './support/portal';

const PERSON = '10200300400500600';
const DOCTOR_INSTAGRAM = '17841400000000003';
/** The vector of Meta's documentation with its own secret: facts A.6. */
const VECTOR =
  'lZ30sOuI71rLHpK40IcehIKCY-TiE4lQgBa6_cDV_SA.eyJhbGdvcml0aG0iOiJITUFDLVNIQTI1NiIsImlzc3VlZF9hdCI6MTc5NTAwMDAwMCwidXNlcl9pZCI6IjcwMDEwMDIwMDMwMDQwMDUifQ';

function signedRequest(secret: string, body: object): string {
  const payload = Buffer.from(JSON.stringify(body)).toString('base64url');
  const signature = createHmac('sha256', secret).update(payload).digest('base64url');
  return `${signature}.${payload}`;
}

describeOnBothDatabases("Meta's callbacks about a person", (context) => {
  let world: PortalWorld;
  let link: TestLink;

  beforeAll(async () => {
    world = await createPortalWorld(context);
  });
  beforeEach(async () => {
    context.clock.set(Date.now());
    link = await world.newLink();
  });
  afterAll(async () => {
    await world.close();
  });

  const callBack = async (kind: string, signed: string, setup?: PortalSetup) => {
    const body = new URLSearchParams({ signed_request: signed }).toString();
    const response = await world.call({
      method: 'POST',
      path: `meta/${kind}`,
      body,
      ...(setup ? { setup } : {}),
    });
    return { status: response.status, body: JSON.parse(String(response.body)) };
  };
  const ofPerson = (more: object = {}) => ({
    algorithm: 'HMAC-SHA256',
    issued_at: Math.floor(Date.now() / 1000),
    user_id: PERSON,
    ...more,
  });
  const secret = () => world.sandbox.seed.app.secret;
  const connect = async (token = link.token) => {
    const { claim } = await walk(world, token);
    await world.post('complete', claim);
    await world.post('choose', claim, { ids: ['messenger:100200300400500'] });
  };
  const badges = async (token = link.token) =>
    (await world.get('state', token)).body.accounts.map(({ badge }: { badge: string }) => badge);

  it('disconnect what hung on the login of who removed the app, in every tenant', async () => {
    const other = await world.newLink();
    await connect();
    await connect(other.token);
    expect(await callBack('deauthorize', signedRequest(secret(), ofPerson()))).toEqual({
      status: 200,
      body: { success: true },
    });
    expect(await badges()).toEqual(['disconnected']);
    expect(await badges(other.token)).toEqual(['disconnected']);
    const tenant = context.store.forTenant(link.tenantId);
    const [account] = await rowsOf(tenant, 'accounts');
    expect(account?.sealed_secrets).toBeNull();
    const [login] = await rowsOf(tenant, 'logins');
    expect(login).toMatchObject({ sealed_secrets: null, subject_id: null, subject_name: null });
  });

  it('delete a person, and show them that it is done', async () => {
    await connect();
    const { status, body } = await callBack('data-deletion', signedRequest(secret(), ofPerson()));
    expect(status).toBe(200);
    expect(body.confirmation_code).toMatch(/^[A-Za-z0-9_-]{20}$/);
    expect(body.url).toBe(
      `https://n8n.example.com/webhook/page-1/deletion/${body.confirmation_code}`,
    );
    const shown = await world.call({ path: `deletion/${body.confirmation_code}` });
    expect(locationOf(shown)).toBe(`../connect#d.${body.confirmation_code}`);
    expect(await world.get('deletion', body.confirmation_code)).toMatchObject({
      status: 200,
      body: { status: 'done' },
    });
    expect(await badges()).toEqual(['disconnected']);
    const rows = await rowsOf(context.store.forTenant('default'), 'data_deletions');
    expect(JSON.stringify(rows)).not.toContain(body.confirmation_code);
    expect(JSON.stringify(rows)).not.toContain(PERSON);
  });

  it('answer also for a person who is not known here', async () => {
    const signed = signedRequest(secret(), ofPerson({ user_id: '1' }));
    const { status, body } = await callBack('data-deletion', signed);
    expect(status).toBe(200);
    expect(await world.get('deletion', body.confirmation_code)).toMatchObject({ status: 200 });
  });

  it('know the account that logged in at Instagram', async () => {
    const { claim } = await walk(world, link.token, {
      login: 'instagram',
      person: DOCTOR_INSTAGRAM,
    });
    await world.post('complete', claim);
    const { appSecret } = world.sandbox.seed.instagramLogin;
    const signed = signedRequest(appSecret, ofPerson({ user_id: DOCTOR_INSTAGRAM }));
    expect((await callBack('deauthorize', signed)).status).toBe(200);
    expect(await badges()).toEqual(['disconnected']);
  });

  it.each([
    ['nothing', () => ''],
    ['one part', () => 'abc'],
    ['a signature of another secret', () => signedRequest('another', ofPerson())],
    ['an empty secret', () => signedRequest('', ofPerson())],
    ['the documented vector', () => VECTOR],
    [
      'another algorithm',
      () => signedRequest(world.sandbox.seed.app.secret, ofPerson({ algorithm: 'none' })),
    ],
    [
      'a changed person',
      () => {
        const [signature] = signedRequest(secret(), ofPerson({ user_id: '1' })).split('.');
        return `${signature}.${Buffer.from(JSON.stringify(ofPerson())).toString('base64url')}`;
      },
    ],
    ['no person', () => signedRequest(world.sandbox.seed.app.secret, { algorithm: 'HMAC-SHA256' })],
  ])('are refused with %s, and change nothing', async (_what, make) => {
    await connect();
    for (const kind of ['deauthorize', 'data-deletion']) {
      expect((await callBack(kind, make())).status).toBe(401);
    }
    expect(await badges()).toEqual(['active']);
  });

  it('of another app reach none of its logins', async () => {
    await connect();
    const setup: PortalSetup = {
      ...world.setup,
      apps: {
        facebook: { login: 'facebook', appId: '1', appSecret: 'the secret of another app' },
      },
      appSecrets: ['the secret of another app'],
    };
    const signed = signedRequest('the secret of another app', ofPerson());
    expect((await callBack('deauthorize', signed, setup)).status).toBe(200);
    expect(await badges()).toEqual(['active']);
  });

  it('show nothing for a code that was never given', async () => {
    for (const code of ['', 'x', 'AAAAAAAAAAAAAAAAAAAA']) {
      expect(await world.get('deletion', code)).toMatchObject({
        status: 404,
        body: { error: { code: 'not_found' } },
      });
    }
  });
});
