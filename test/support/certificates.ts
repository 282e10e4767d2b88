import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isIPv4 } from 'node:net';

/** What `https.createServer` takes. */
export interface ServerIdentity {
  key: string;
  cert: string;
}

export interface IssueOptions {
  /** DNS names and IPv4 addresses the certificate is for; default 127.0.0.1. */
  names?: string[];
  /** Default: a day ago to a day from now. */
  from?: Date;
  to?: Date;
}

/** A certificate authority of one test, with a key of its own. */
export interface Authority {
  /** Its own certificate, PEM: what a client must trust. */
  cert: string;
  issue(options?: IssueOptions): ServerIdentity;
}

const DAY_MS = 86_400_000;

/** Object identifiers (RFC 5280, RFC 5758), as DER. */
const ECDSA_WITH_SHA256 = Buffer.from('06082a8648ce3d040302', 'hex');
const COMMON_NAME = Buffer.from('0603550403', 'hex');
const BASIC_CONSTRAINTS = Buffer.from('0603551d13', 'hex');
const SUBJECT_ALT_NAME = Buffer.from('0603551d11', 'hex');
const TRUE = Buffer.from('0101ff', 'hex');

export function createAuthority(name = 'The authority of a test'): Authority {
  const own = newKeys();
  const cert = certificate({
    subject: name,
    issuer: name,
    publicKey: own.publicKey,
    signer: own.privateKey,
    extensions: [extension(BASIC_CONSTRAINTS, [TRUE], sequence(TRUE))],
    ...validity({}),
  });
  return {
    cert,
    issue: (options = {}) => leaf({ issuer: name, signer: own.privateKey }, options),
  };
}

/** A certificate that nobody vouches for but itself. */
export function selfSigned(options: IssueOptions = {}): ServerIdentity {
  return leaf(null, options);
}

function leaf(
  authority: { issuer: string; signer: KeyObject } | null,
  options: IssueOptions,
): ServerIdentity {
  const { publicKey, privateKey } = newKeys();
  const { names = ['127.0.0.1'] } = options;
  const subject = names[0] ?? 'nobody';
  const cert = certificate({
    subject,
    issuer: authority?.issuer ?? subject,
    publicKey,
    signer: authority?.signer ?? privateKey,
    extensions: [extension(SUBJECT_ALT_NAME, [], sequence(...names.map(generalName)))],
    ...validity(options),
  });
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert };
}

function newKeys() {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function validity({ from, to }: IssueOptions): { from: Date; to: Date } {
  return {
    from: from ?? new Date(Date.now() - DAY_MS),
    to: to ?? new Date(Date.now() + DAY_MS),
  };
}

/** An X.509 v3 certificate by hand: node:crypto reads them but makes none. */
function certificate(parts: {
  subject: string;
  issuer: string;
  publicKey: KeyObject;
  signer: KeyObject;
  extensions: Buffer[];
  from: Date;
  to: Date;
}): string {
  const algorithm = sequence(ECDSA_WITH_SHA256);
  const version = der(0xa0, der(0x02, Buffer.from([2])));
  const serial = der(0x02, Buffer.from([1]), randomBytes(15));
  const toBeSigned = sequence(
    version,
    serial,
    algorithm,
    distinguishedName(parts.issuer),
    sequence(instant(parts.from), instant(parts.to)),
    distinguishedName(parts.subject),
    parts.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...parts.extensions)),
  );
  const signature = sign('sha256', toBeSigned, parts.signer);
  const whole = sequence(toBeSigned, algorithm, der(0x03, Buffer.from([0]), signature));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function distinguishedName(commonName: string): Buffer {
  return sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from(commonName)))));
}

function generalName(name: string): Buffer {
  return isIPv4(name)
    ? der(0x87, Buffer.from(name.split('.').map(Number)))
    : der(0x82, Buffer.from(name, 'ascii'));
}

function extension(oid: Buffer, critical: Buffer[], value: Buffer): Buffer {
  return sequence(oid, ...critical, der(0x04, value));
}

/** UTCTime: two digits of the year, right until 2049. */
function instant(date: Date): Buffer {
  const digits = date.toISOString().replace(/\D/g, '').slice(2, 14);
  return der(0x17, Buffer.from(`${digits}Z`, 'ascii'));
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, ...parts);
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body]);
}

function lengthOf(size: number): Buffer {
  if (size < 0x80) return Buffer.from([size]);
  return size < 0x100 ? Buffer.from([0x81, size]) : Buffer.from([0x82, size >> 8, size & 0xff]);
}
