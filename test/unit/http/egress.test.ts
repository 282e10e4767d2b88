import { createEgressGuard, type HttpClient } from '../../../core/http';
import { failureOf, testClient } from './support/clients';
import { startLocalServer, type LocalServer } from './support/localServer';

const settings = { allowedHosts: [], allowedRanges: [], blockedRanges: [] };

describe('the egress guard', () => {
  it.each([
    ['10.1.2.3', ['10.0.0.0/8'], true],
    ['10.1.2.3', ['10.1.2.3'], true],
    ['10.1.2.3', ['10.2.0.0/16'], false],
    ['::ffff:10.1.2.3', ['10.0.0.0/8'], true],
    ['::1', ['::1'], true],
    ['169.254.169.254', ['0.0.0.0/0'], false],
    ['fe80::1', ['::/0'], false],
    ['fd00:ec2::254', ['::/0'], false],
    ['100.100.100.200', ['0.0.0.0/0'], false],
    ['64:ff9b::a9fe:a9fe', ['::/0'], false],
    ['2002:a9fe:a9fe::', ['::/0'], false],
  ])('%s with the ranges %j is permitted: %s', (address, allowedRanges, permitted) => {
    const guard = createEgressGuard({ ...settings, allowedRanges });
    expect(guard.permits('receiver.example', address)).toBe(permitted);
  });

  it.each([
    ['n8n', 'n8n', true],
    ['N8N.', 'n8n', true],
    ['hooks.internal', '*.internal', true],
    ['internal', '*.internal', false],
    ['evilinternal', '*.internal', false],
    ['n8n.evil.example', 'n8n', false],
  ])('the host %s with the permission %s may be private: %s', (host, allowed, permitted) => {
    const guard = createEgressGuard({ ...settings, allowedHosts: [allowed] });
    expect(guard.permits(host, '172.18.0.5')).toBe(permitted);
    expect(guard.permits(host, '169.254.169.254')).toBe(false);
  });

  it('refuses public ranges that are blocked, also inside IPv6, unless the host is allowed', () => {
    const guard = createEgressGuard({
      ...settings,
      allowedHosts: ['partner.example'],
      blockedRanges: ['203.0.112.0/24', '8.8.8.0/24'],
    });
    expect(guard.permits('dns.example', '8.8.8.8')).toBe(false);
    expect(guard.permits('dns.example', '::ffff:8.8.8.8')).toBe(false);
    expect(guard.permits('partner.example', '8.8.8.8')).toBe(true);
    expect(guard.permits('dns.example', '8.8.4.4')).toBe(true);
  });

  it('names a setting that is no range', () => {
    expect(() => createEgressGuard({ ...settings, allowedRanges: ['10.0.0.0/99'] })).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('N8N_SSRF_ALLOWED_IP_RANGES') }),
    );
  });
});

describe('a webhook to this machine in disguise', () => {
  let server: LocalServer;
  const clients: HttpClient[] = [];
  const client = (options = {}) => {
    const one = testClient(options);
    clients.push(one);
    return one;
  };
  const deliver = (url: string, options = {}) =>
    client(options).deliver({
      url,
      headers: { 'content-type': 'application/json' },
      body: '{}',
      deadlineMs: 3_000,
      bodyGraceMs: 1_000,
      keepBytes: 100,
    });

  beforeAll(async () => {
    server = await startLocalServer((_request, response) => response.writeHead(200).end('reached'));
  });
  afterEach(async () => {
    for (const one of clients.splice(0)) await one.close();
  });
  afterAll(() => server.close());

  it.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
    '0',
    '0.0.0.0',
    '１２７.0.0.1',
    '127。0。0。1',
    'localhost',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::7f00:1]',
    '[64:ff9b::127.0.0.1]',
    '[2002:7f00:1::]',
  ])('as %s is refused before a connection is made', async (host) => {
    const before = server.connections.total;
    const failure = await failureOf(deliver(`http://${host}:${server.port}/hook`));
    expect(failure).toMatchObject({ kind: 'blocked', sent: 'no' });
    expect(server.connections.total).toBe(before);
  });

  it('as a name that first resolves to a public and then to a private address is refused', async () => {
    const answers = [['203.0.112.9'], ['127.0.0.1']];
    const resolve = async () => {
      const [address = '127.0.0.1'] = answers.shift() ?? [];
      return [{ address, family: 4 }];
    };
    const failure = await failureOf(
      deliver(`http://rebinding.example:${server.port}/`, { resolve, connectTimeoutMs: 200 }),
    );
    // The checked address is the one that is connected to: the second answer is never asked for.
    expect(failure.kind).not.toBe('blocked');
    expect(answers).toHaveLength(1);
    const second = await failureOf(
      deliver(`http://rebinding.example:${server.port}/`, { resolve }),
    );
    expect(second.kind).toBe('blocked');
  });

  it('is delivered when the admin allows the host or the range', async () => {
    const egress = { ...settings, allowedHosts: ['localhost'] };
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    const options = { egress, resolve };
    expect((await deliver(`http://localhost:${server.port}/`, options)).text).toBe('reached');
    expect((await failureOf(deliver(`http://127.0.0.1:${server.port}/`, { egress }))).kind).toBe(
      'blocked',
    );
  });
});
