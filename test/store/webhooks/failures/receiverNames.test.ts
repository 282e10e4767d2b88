import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describeOnBothDatabases } from '../../../support/storeContext';
import { dispatchersOf } from '../support/dispatcherProcess';
import { receiversOf } from '../support/receiver';
import { happen, webhooksOf } from '../support/webhooks';
import { attemptsOf } from './support/attempts';
import { startNameServer, type NameAnswer, type NameServer } from './support/nameServer';

/** Stands for the public internet: the guard is told that this address may be reached, and no other of this machine. */
const PUBLIC = '127.0.0.1';
/** Of this machine as well, but private to the guard. */
const PRIVATE = '127.0.0.2';
const EGRESS = { allowedHosts: [], allowedRanges: [`${PUBLIC}/32`], blockedRanges: [] };

describeOnBothDatabases('webhooks to names', (context) => {
  const webhooks = webhooksOf(context);
  const dispatchers = dispatchersOf(context);
  const receivers = receiversOf();
  let nameServer: NameServer | undefined;

  const resolving = async (answer: (name: string, count: number) => NameAnswer) => {
    nameServer = await startNameServer(answer);
    await dispatchers.start({ ...nameServer.setup, egress: EGRESS });
    return nameServer;
  };

  afterEach(async () => {
    await nameServer?.close();
    nameServer = undefined;
  });

  it('case 11: names that do not resolve fail with their code, and are retried until they do', async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    await resolving((name, count) => {
      if (name === 'gone.example') return 'NXDOMAIN';
      return count === 1 ? 'SERVFAIL' : [PUBLIC];
    });
    const gone = `http://gone.example:${receiver.port}/hook`;
    const ill = `http://ill.example:${receiver.port}/hook`;
    await webhooks.subscribe(tenant, receiver, { url: gone, retrySchedule: [60] });
    await webhooks.subscribe(tenant, receiver, { url: ill, retrySchedule: [0.1] });
    await happen(tenant, { conversation: 'c1' });
    const log = await attemptsOf(webhooks, tenant, 3);
    const [never] = log.filter(({ url }) => url === gone);
    expect(never).toMatchObject({ status: 'failed', errorCode: 'dns', httpStatus: null });
    expect(never?.error).toContain('(ENOTFOUND)');
    expect(never?.nextAttemptAt).not.toBeNull();
    const [first, second] = log.filter(({ url }) => url === ill);
    expect(first).toMatchObject({ status: 'failed', errorCode: 'dns' });
    expect(first?.error).toContain('(EAI_AGAIN)');
    expect(second).toMatchObject({ status: 'success', attempt: 2 });
    expect(receiver.requests).toHaveLength(1);
  });

  it('case 11: the resolver of the system itself says that a name is none', async () => {
    const tenant = context.newTenant();
    // Longer than a label may be: no name server has to be asked.
    const url = `http://${'a'.repeat(64)}.example/hook`;
    await webhooks.subscribe(tenant, { url }, { url, retrySchedule: [60] });
    await dispatchers.start();
    await happen(tenant, { conversation: 'c1' });
    const [entry] = await attemptsOf(webhooks, tenant, 1);
    expect(entry).toMatchObject({ status: 'failed', errorCode: 'dns', httpStatus: null });
    expect(entry?.error).toMatch(/\(E[A-Z_]+\)/);
    expect(entry?.nextAttemptAt).not.toBeNull();
  });

  it('case 12: a name that is rebound to a private address is refused at connecting, for good', async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    receiver.on('/hook', (_request, response) =>
      // Without the connection, the retry has to resolve the name anew.
      response.writeHead(500, { connection: 'close' }).end(),
    );
    const inside = await listenInside(receiver.port);
    const { questions } = await resolving((_name, count) => [count === 1 ? PUBLIC : PRIVATE]);
    const url = `http://rebound.example:${receiver.port}/hook`;
    await webhooks.subscribe(tenant, { url }, { url, retrySchedule: [0.1, 0.1, 0.1] });
    await happen(tenant, { conversation: 'c1' });
    const [delivery] = await webhooks.settled(tenant, 1);
    expect(delivery).toMatchObject({ state: 'dead', attempts: 2, lastHttpStatus: null });
    const [first, second] = await webhooks.log(tenant);
    expect(first).toMatchObject({ status: 'failed', httpStatus: 500 });
    expect(second).toMatchObject({ status: 'failed', errorCode: 'blocked', nextAttemptAt: null });
    expect(second?.error).toContain('N8N_SSRF_ALLOWED_IP_RANGES');
    // What the name led to is no business of whoever reads the log.
    expect(second?.error).not.toContain(PRIVATE);
    expect(questions).toHaveLength(2);
    expect(inside.connections()).toBe(0);
    await inside.close();
  });

  it('case 12: a name with one private address among others is refused', async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    await resolving(() => [PUBLIC, PRIVATE]);
    const url = `http://both.example:${receiver.port}/hook`;
    await webhooks.subscribe(tenant, { url }, { url });
    await happen(tenant, { conversation: 'c1' });
    const [delivery] = await webhooks.settled(tenant, 1);
    expect(delivery).toMatchObject({ state: 'dead', attempts: 1 });
    const [entry] = await webhooks.log(tenant);
    expect(entry).toMatchObject({ errorCode: 'blocked', nextAttemptAt: null });
    expect(receiver.connections.total).toBe(0);
  });
});

/** Somebody who listens on the private address, at the same port. */
async function listenInside(port: number) {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  server.listen(port, PRIVATE);
  await once(server, 'listening');
  if ((server.address() as AddressInfo).port !== port) throw new Error('Another port was given.');
  return {
    connections: () => connections,
    close: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}
