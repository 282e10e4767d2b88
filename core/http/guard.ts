import { lookup as systemLookup } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { HttpFailure, HttpInterruption } from './failure';

/** Resolves a name to every address it has; tests pass their own. */
export type ResolveAddresses = (hostname: string) => Promise<LookupAddress[]>;

/** Which addresses guarded calls may reach, on top of the public internet. */
export interface Egress {
  /** Names or addresses as written in the URL; `*.example.com` takes every name below. */
  allowedHosts: readonly string[];
  /** CIDR ranges or single addresses. */
  allowedRanges: readonly string[];
  /** CIDR ranges refused although they are public. */
  blockedRanges: readonly string[];
}

/** Decides about one target; made once of the settings. */
export interface EgressGuard {
  /** Whether a connection to this address may be made for a URL with this host. */
  permits(hostname: string, address: string): boolean;
}

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Public by number, yet answered by the cloud's own host: Azure's WireServer. */
const CLOUD_HOSTS = new Set(['168.63.129.16']);
/** IPv4-compatible IPv6, deprecated: carries an IPv4 address that ipaddr.js does not look at. */
const IPV4_COMPATIBLE = [ipaddr.IPv6.parse('::'), 96] as const;
/**
 * Where clouds answer with credentials (AWS, Google, Azure, Alibaba, Oracle) and every link-local neighbour: no setting
 * opens these.
 */
const NEVER: readonly Range[] = [
  '169.254.0.0/16',
  'fe80::/10',
  'fd00:ec2::254/128',
  '100.100.100.200/32',
  '192.0.0.192/32',
  '168.63.129.16/32',
].map(parseRange);

/** Whether an address carries an IPv4 address inside IPv6 by a translator that would reach it: NAT64, 6to4. */
const NAT64 = [ipaddr.IPv6.parse('64:ff9b::'), 96] as const;
const SIX_TO_FOUR = [ipaddr.IPv6.parse('2002::'), 16] as const;

/**
 * Whether an address belongs to the public internet: neither loopback, private, link-local (where cloud
 * metadata lives), carrier-grade NAT, multicast nor reserved; IPv4 inside IPv6 is looked at as IPv4.
 * Anything that cannot be parsed is not public.
 */
export function isPublicAddress(address: string): boolean {
  const parsed = parseAddress(address);
  if (!parsed) return false;
  if (parsed.range() !== 'unicast' || CLOUD_HOSTS.has(parsed.toString())) return false;
  return !(parsed instanceof ipaddr.IPv6) || !parsed.match(...IPV4_COMPATIBLE);
}

/**
 * The guard of these settings. Order: what is never reached, then allowed hosts and ranges, then blocked ranges, then
 * "public only" (the order of n8n's own protection, whose variables the settings come from).
 * @throws HttpFailure `invalid` naming the range that is none
 */
export function createEgressGuard(egress: Egress = NOTHING_ALLOWED): EgressGuard {
  const allowedRanges = egress.allowedRanges.map(parseRange);
  const blockedRanges = egress.blockedRanges.map(parseRange);
  const allowedHosts = egress.allowedHosts.map(tidyHost).filter((host) => host !== '');
  return {
    permits(hostname, address) {
      const parsed = parseAddress(address);
      if (!parsed) return false;
      // A NAT64 or 6to4 address ends at the IPv4 address inside: it is judged by that one as well.
      const faces = [parsed, ...hiddenIPv4(parsed)];
      if (faces.some((face) => isWithin(face, NEVER))) return false;
      const host = tidyHost(hostname);
      if (allowedHosts.some((allowed) => matchesHost(host, allowed))) return true;
      if (isWithin(parsed, allowedRanges)) return true;
      if (faces.some((face) => isWithin(face, blockedRanges))) return false;
      return isPublicAddress(address);
    },
  };
}

const NOTHING_ALLOWED: Egress = { allowedHosts: [], allowedRanges: [], blockedRanges: [] };
const PUBLIC_ONLY = createEgressGuard();

function parseAddress(address: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  if (isIP(bare) === 0 || !ipaddr.isValid(bare)) return undefined;
  return ipaddr.process(bare);
}

function hiddenIPv4(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4[] {
  if (!(address instanceof ipaddr.IPv6)) return [];
  const bytes = address.toByteArray();
  if (address.match(...NAT64) || address.match(...IPV4_COMPATIBLE)) {
    return [new ipaddr.IPv4(bytes.slice(12, 16))];
  }
  return address.match(...SIX_TO_FOUR) ? [new ipaddr.IPv4(bytes.slice(2, 6))] : [];
}

function isWithin(address: ipaddr.IPv4 | ipaddr.IPv6, ranges: readonly Range[]): boolean {
  return ranges.some(([start, bits]) => {
    if (address instanceof ipaddr.IPv4)
      return start instanceof ipaddr.IPv4 && address.match(start, bits);
    return start instanceof ipaddr.IPv6 && address.match(start, bits);
  });
}

function parseRange(text: string): Range {
  const range = text.trim();
  try {
    if (range.includes('/')) return ipaddr.parseCIDR(range);
    const address = ipaddr.parse(range);
    return [address, address instanceof ipaddr.IPv4 ? 32 : 128];
  } catch {
    throw new HttpFailure('invalid', 'no', '(no address)', `"${range}" is not an address range.`, {
      hint: 'Correct N8N_SSRF_ALLOWED_IP_RANGES or N8N_SSRF_BLOCKED_IP_RANGES, for example 10.0.0.0/8.',
    });
  }
}

/** Lower case, without brackets and without the dot that ends a name in full. */
function tidyHost(host: string): string {
  return host
    .trim()
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}

function matchesHost(host: string, allowed: string): boolean {
  return allowed.startsWith('*.') ? host.endsWith(allowed.slice(1)) : host === allowed;
}

/** @throws HttpInterruption kind `blocked`, naming the host but not what it resolved to */
export function assertPublicLiteral(hostname: string, guard: EgressGuard = PUBLIC_ONLY): void {
  const bare = hostname.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0 && !guard.permits(hostname, bare)) throw blocked(hostname);
}

/**
 * The `lookup` of a connection: resolves and refuses in one step, so that the checked address is the one
 * that is connected to (a name that resolves to something else a moment later gains nothing). One private
 * address among several refuses the name.
 */
export function publicLookup(
  resolve: ResolveAddresses = resolveWithSystem,
  guard: EgressGuard = PUBLIC_ONLY,
): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const [first] = addresses;
        if (
          first === undefined ||
          !addresses.every(({ address }) => guard.permits(hostname, address))
        ) {
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
  guard: EgressGuard = PUBLIC_ONLY,
): Promise<void> {
  assertPublicLiteral(hostname, guard);
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return;
  const addresses = await resolve(hostname).catch(() => []);
  if (!addresses.every(({ address }) => guard.permits(hostname, address))) throw blocked(hostname);
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
    'Use an address that is reachable from outside this network, or allow it: N8N_SSRF_ALLOWED_HOSTNAMES ' +
      '(names) or N8N_SSRF_ALLOWED_IP_RANGES (addresses).',
  );
}
