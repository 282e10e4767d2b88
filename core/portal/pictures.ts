import type { Account } from '../model';
import { headersFor, type PortalResponse } from './answers';
import { readPicture, savePicture } from './cards.unit';
import type { PortalContext } from './context';
import type { PortalSetup } from './setup';

const DAY_MS = 24 * 3_600_000;
/** Meta's addresses of pictures change with each reading of an account; what they show seldom does. */
const FRESH_MS = DAY_MS;
const TIMEOUT_MS = 10_000;
const MAX_BYTES = 512 * 1024;

/** What browsers draw and what cannot hold a script; by the first bytes, for a header can say anything. */
const SIGNATURES: ReadonlyArray<[type: string, test: (bytes: Buffer) => boolean]> = [
  ['image/jpeg', (bytes) => bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))],
  ['image/png', (bytes) => bytes.subarray(0, 4).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47]))],
  ['image/gif', (bytes) => bytes.subarray(0, 4).toString('latin1') === 'GIF8'],
  [
    'image/webp',
    (bytes) =>
      bytes.subarray(0, 4).toString('latin1') === 'RIFF' &&
      bytes.subarray(8, 12).toString('latin1') === 'WEBP',
  ],
];

interface Picture {
  type: string;
  bytes: Buffer;
}

/** The account's picture, kept a day; 204 where there is none. */
export async function pictureAnswer(
  ctx: PortalContext,
  setup: PortalSetup,
  account: Account,
): Promise<PortalResponse> {
  const picture = await pictureOf(ctx, setup, account);
  return picture === null
    ? { status: 204, headers: headersFor('text/plain; charset=utf-8'), body: '' }
    : { status: 200, headers: headersFor(picture.type), body: picture.bytes };
}

async function pictureOf(
  ctx: PortalContext,
  setup: PortalSetup,
  account: Account,
): Promise<Picture | null> {
  const { id, tenantId, pictureUrl } = account;
  const tenant = ctx.store.forTenant(tenantId);
  const kept = await tenant.run(readPicture, { accountId: id });
  const known =
    kept?.data && kept.media_type
      ? { type: kept.media_type, bytes: Buffer.from(kept.data, 'base64') }
      : null;
  const isFresh = kept !== undefined && kept.fetched_at > ctx.clock.now() - FRESH_MS;
  // A failure is also kept: a picture that is not there is not asked for by every visitor.
  if (pictureUrl === null || (isFresh && (known !== null || kept.source_url === pictureUrl))) {
    return known;
  }
  const fetched = (await fetchPicture(ctx, setup, pictureUrl)) ?? known;
  await tenant.run(savePicture, {
    account_id: id,
    source_url: pictureUrl,
    media_type: fetched?.type ?? null,
    data: fetched?.bytes.toString('base64') ?? null,
  });
  return fetched;
}

async function fetchPicture(
  ctx: PortalContext,
  setup: PortalSetup,
  url: string,
): Promise<Picture | null> {
  try {
    const { status, body } = await ctx.http.request({
      method: 'GET',
      url,
      guard: isOfProvider(setup, url) ? 'trusted' : 'public',
      timeoutMs: TIMEOUT_MS,
      maxResponseBytes: MAX_BYTES,
    });
    const found = SIGNATURES.find(([, test]) => test(body));
    return status === 200 && found ? { type: found[0], bytes: body } : null;
  } catch (error) {
    ctx.logger.debug('The picture of an account could not be fetched.', {
      reason: error instanceof Error ? error.message : 'unknown',
    });
    return null;
  }
}

/** The hosts that the admin named for the provider may be private ones (a sandbox); all others may not. */
function isOfProvider({ apps }: PortalSetup, url: string): boolean {
  const origin = URL.parse(url)?.origin;
  const bases = Object.values(apps).flatMap((app) => [app.graphBaseUrl, app.instagramGraphBaseUrl]);
  return bases.some((base) => base !== undefined && URL.parse(base)?.origin === origin);
}
