import { isPublicAddress, publicLookup } from '../../../core/http/guard';
import type { HttpClient } from '../../../core/http';
import { failureOf, testClient } from './support/clients';
import { sendJson, startLocalServer } from './support/localServer';
import type { LocalServer } from './support/localServer';

describe('isPublicAddress', () => {
  it.each([
    ['127.0.0.1', 'loopback'],
    ['127.8.8.8', 'loopback'],
    ['0.0.0.0', 'unspecified'],
    ['10.1.2.3', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'carrier-grade NAT'],
    ['100.100.100.200', 'cloud metadata behind carrier-grade NAT'],
    ['169.254.169.254', 'cloud metadata'],
    ['168.63.129.16', 'cloud host of Azure'],
    ['192.0.0.192', 'cloud metadata in a reserved range'],
    ['224.0.0.1', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'broadcast'],
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['fe80::1', 'link-local'],
    ['fe80::1%eth0', 'link-local with a zone'],
    ['fc00::1', 'unique local'],
    ['fd00:ec2::254', 'cloud metadata over IPv6'],
    ['ff02::1', 'multicast'],
    ['::ffff:127.0.0.1', 'IPv4-mapped loopback'],
    ['::ffff:10.0.0.1', 'IPv4-mapped private'],
    ['::ffff:a9fe:a9fe', 'IPv4-mapped metadata in hex'],
    ['::a9fe:a9fe', 'IPv4-compatible metadata'],
    ['64:ff9b::7f00:1', 'NAT64 of loopback'],
    ['2002:7f00:1::', '6to4 of loopback'],
    ['2001:0:1::', 'Teredo'],
    ['[::1]', 'loopback in brackets'],
    ['', 'nothing'],
    ['localhost', 'a name'],
    ['127.1', 'a short form'],
  ])('%s (%s) is not public', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each([
    '8.8.8.8',
    '157.240.12.35',
    '172.15.0.1',
    '172.32.0.1',
    '2a03:2880:f12f:83::1',
    '::ffff:8.8.8.8',
  ])('%s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});

describe('publicLookup', () => {
  const v4 = { address: '157.240.12.35', family: 4 };
  const v6 = { address: '2a03:2880:f12f:83::1', family: 6 };

  const lookUp = (addresses: Array<{ address: string; family: number }>, all: boolean) =>
    new Promise<unknown>((resolve) => {
      const lookup = publicLookup(async () => addresses);
      lookup('host.example', { all }, (error, address) => resolve(error ?? address));
    });

  it('hands on exactly the addresses it looked at, so that a later answer of the name changes nothing', async () => {
    await expect(lookUp([v4, v6], true)).resolves.toEqual([v4, v6]);
    await expect(lookUp([v4, v6], false)).resolves.toBe(v4.address);
  });

  it('refuses a name of which one address among several is private', async () => {
    await expect(lookUp([v4, { address: '10.0.0.7', family: 4 }], true)).resolves.toMatchObject({
      kind: 'blocked',
    });
  });

  it('refuses a name without addresses', async () => {
    await expect(lookUp([], true)).resolves.toMatchObject({ kind: 'blocked' });
  });

  it('passes on that a name does not exist', async () => {
    const error = Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
    const lookup = publicLookup(() => Promise.reject(error));
    const seen = await new Promise((resolve) => {
      lookup('host.example', { all: true }, resolve);
    });
    expect(seen).toBe(error);
  });
});

describe('a guarded call', () => {
  let server: LocalServer;
  let http: HttpClient;
  /** What the name of the call resolves to. */
  let resolved: string;

  beforeAll(async () => {
    server = await startLocalServer((_request, response) => sendJson(response, {}));
    http = testClient({
      resolve: async () => [{ address: resolved, family: resolved.includes(':') ? 6 : 4 }],
    });
  });

  afterAll(async () => {
    await http.close();
    await server.close();
  });

  it.each([
    ['127.0.0.1', 'an address'],
    ['[::1]', 'an IPv6 address'],
    ['[::ffff:127.0.0.1]', 'an IPv4-mapped address'],
    ['2130706433', 'a number that means 127.0.0.1'],
    ['0x7f.1', 'a hexadecimal form of 127.0.0.1'],
  ])('to %s (%s) never leaves', async (host) => {
    const failure = await failureOf(
      http.request({ method: 'POST', url: `http://${host}:${server.port}/`, guard: 'public' }),
    );
    expect(failure).toMatchObject({ kind: 'blocked', sent: 'no' });
    expect(server.connections.total).toBe(0);
  });

  it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', '169.254.169.254'])(
    'to a name that resolves to %s never leaves, and the answer does not say what it resolves to',
    async (address) => {
      resolved = address;
      const failure = await failureOf(
        http.request({
          method: 'GET',
          url: `http://innocent.example:${server.port}/`,
          guard: 'public',
        }),
      );
      expect(failure).toMatchObject({ kind: 'blocked', sent: 'no' });
      expect(failure.message).toContain('innocent.example');
      expect(failure.message).not.toContain(address);
      expect(server.connections.total).toBe(0);
    },
  );

  it('never rides on a connection that a trusted call has opened to the same address', async () => {
    const url = `${server.url}/`;
    await http.request({ method: 'GET', url, guard: 'trusted' });
    const failure = await failureOf(http.request({ method: 'GET', url, guard: 'public' }));
    expect(failure).toMatchObject({ kind: 'blocked' });
    expect(server.requests).toHaveLength(1);
  });
});
