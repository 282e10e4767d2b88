import { lookup as systemLookup } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { HttpInterruption } from './failure';

/** Resolves a name to every address it has; tests pass their own. */
export type ResolveAddresses = (hostname: string) => Promise<LookupAddress[]>;

/** Public by number, yet answered by the cloud's own host: Azure's WireServer. */
const CLOUD_HOSTS = new Set(['168.63.129.16']);
/** IPv4-compatible IPv6, deprecated: carries an IPv4 address that ipaddr.js does not look at. */
const IPV4_COMPATIBLE = [ipaddr.IPv6.parse('::'), 96] as const;

/**
 * Whether an address belongs to the public internet: neither loopback, private, link-local (where cloud
 * metadata lives), carrier-grade NAT, multicast nor reserved; IPv4 inside IPv6 is looked at as IPv4.
 * Anything that cannot be parsed is not public.
 */
export function isPublicAddress(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  if (!ipaddr.isValid(bare) || isIP(bare) === 0) return false;
  const parsed = ipaddr.process(bare);
  if (parsed.range() !== 'unicast' || CLOUD_HOSTS.has(parsed.toString())) return false;
  return !(parsed instanceof ipaddr.IPv6) || !parsed.match(...IPV4_COMPATIBLE);
}

/** @throws HttpInterruption kind `blocked`, naming the host but not what it resolved to */
export function assertPublicLiteral(hostname: string): void {
  const bare = hostname.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0 && !isPublicAddress(bare)) throw blocked(hostname);
}

/**
 * The `lookup` of a connection: resolves and refuses in one step, so that the checked address is the one
 * that is connected to (a name that resolves to something else a moment later gains nothing). One private
 * address among several refuses the name.
 */
export function publicLookup(resolve: ResolveAddresses = resolveWithSystem): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const [first] = addresses;
        if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address))) {
          callback(blocked(hostname), '', 0);
        } else if (options.all) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error as NodeJS.ErrnoException, '', 0),
    );
  };
}

/**
 * For calls through a proxy, which resolves names itself: refuses literals, and names that this machine
 * resolves to a private address. A name that only the proxy can resolve is left to the proxy.
 */
export async function assertPublicName(
  hostname: string,
  resolve: ResolveAddresses = resolveWithSystem,
): Promise<void> {
  assertPublicLiteral(hostname);
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return;
  const addresses = await resolve(hostname).catch(() => []);
  if (!addresses.every(({ address }) => isPublicAddress(address))) throw blocked(hostname);
}

export function resolveWithSystem(hostname: string): Promise<LookupAddress[]> {
  return new Promise((resolve, reject) => {
    systemLookup(hostname, { all: true }, (error, addresses) => {
      if (error) reject(error);
      else resolve(addresses);
    });
  });
}

function blocked(hostname: string): HttpInterruption {
  return new HttpInterruption(
    'blocked',
    `${hostname} is not an address of the public internet, so it is not called.`,
    'Use an address that is reachable from outside this network.',
  );
}
