import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describeOnBothDatabases } from '../../../support/storeContext';
import { createTestFolder } from '../../../support/tempFolder';
import { dispatchersOf } from '../support/dispatcherProcess';
import { happen, webhooksOf } from '../support/webhooks';
import { attemptsOf } from './support/attempts';
import { createAuthority, selfSigned, type ServerIdentity } from '../../../support/certificates';
import { hostileReceiversOf } from './support/hostileReceivers';

const DAY_MS = 86_400_000;

const authority = createAuthority();
const expired = authority.issue({
  from: new Date(Date.now() - 30 * DAY_MS),
  to: new Date(Date.now() - DAY_MS),
});

const REFUSED: [string, ServerIdentity, RegExp][] = [
  ['is signed by nobody else', selfSigned(), /DEPTH_ZERO_SELF_SIGNED_CERT/],
  ['has expired', expired, /CERT_HAS_EXPIRED/],
  [
    'is of another host',
    authority.issue({ names: ['crm.example'] }),
    /ERR_TLS_CERT_ALTNAME_INVALID/,
  ],
  [
    'is of an unknown authority',
    createAuthority('Somebody else').issue(),
    /UNABLE_TO_VERIFY_LEAF_SIGNATURE/,
  ],
];

describeOnBothDatabases('webhooks over TLS that cannot be trusted', (context) => {
  const webhooks = webhooksOf(context);
  const dispatchers = dispatchersOf(context);
  const hostile = hostileReceiversOf();
  const folder = createTestFolder();
  const trusted = path.join(folder.path, 'authority.pem');

  beforeAll(() => writeFileSync(trusted, authority.cert));
  afterAll(() => folder.remove());

  const start = () => dispatchers.start({ env: { NODE_EXTRA_CA_CERTS: trusted } });

  it('case 10: every kind of bad certificate fails before anything is sent, names its reason, and is retried', async () => {
    const tenant = context.newTenant();
    const servers = await Promise.all(REFUSED.map(([, identity]) => hostile.tls(identity)));
    const urls = servers.map(({ port }) => `https://127.0.0.1:${port}/hook`);
    for (const url of urls) {
      await webhooks.subscribe(tenant, { url }, { url, retrySchedule: [60] });
    }
    await start();
    await happen(tenant, { conversation: 'c1' });
    const log = await attemptsOf(webhooks, tenant, REFUSED.length);
    for (const [index, [kind, , reason]] of REFUSED.entries()) {
      const entry = log.find(({ url }) => url === urls[index]);
      expect([kind, entry]).toEqual([
        kind,
        expect.objectContaining({
          status: 'failed',
          errorCode: 'tls',
          httpStatus: null,
          error: expect.stringMatching(reason),
          nextAttemptAt: expect.any(String),
        }),
      ]);
      expect(entry?.error).toContain('Check the certificate of the server');
    }
    expect(servers.flatMap(({ bodies }) => bodies)).toEqual([]);
  });

  it('case 10: a server that speaks no TLS fails in the same way', async () => {
    const tenant = context.newTenant();
    const server = await hostile.tcp((_data, socket) =>
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    );
    const url = `https://127.0.0.1:${server.port}/hook`;
    await webhooks.subscribe(tenant, server, { url, retrySchedule: [60] });
    await start();
    await happen(tenant, { conversation: 'c1' });
    const [entry] = await attemptsOf(webhooks, tenant, 1);
    expect(entry).toMatchObject({ status: 'failed', errorCode: 'tls', httpStatus: null });
    expect(entry?.nextAttemptAt).not.toBeNull();
  });

  it('case 10: once the certificate is renewed, the retry arrives', async () => {
    const tenant = context.newTenant();
    const server = await hostile.tls(expired);
    const url = `https://127.0.0.1:${server.port}/hook`;
    await webhooks.subscribe(tenant, { url }, { url, retrySchedule: [0.4, 0.4] });
    await start();
    await happen(tenant, { conversation: 'c1' });
    await attemptsOf(webhooks, tenant, 1);
    server.renew(authority.issue());
    const [delivery] = await webhooks.settled(tenant, 1);
    expect(delivery?.state).toBe('delivered');
    expect(server.bodies).toHaveLength(1);
    const log = await webhooks.log(tenant);
    expect(log[0]).toMatchObject({ status: 'failed', errorCode: 'tls' });
    expect(log.at(-1)).toMatchObject({ status: 'success', httpStatus: 200 });
  });
});
