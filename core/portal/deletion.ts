import { createHash, randomBytes } from 'node:crypto';
import { ulids, type LoginSecrets } from '../model';
import { verifySignedRequest } from '../providers/meta';
import { findDataDeletion, findLoginsOfPerson, type DeletionRow } from '../store/instance/portal';
import { jsonAnswer, type PortalRequest, type PortalResponse } from './answers';
import { disconnectLogin } from './actions';
import type { PortalContext } from './context';
import { beginDeletion, endDeletion, erasePerson } from './deletion.unit';
import { PortalFailure } from './failures';
import type { PortalSetup } from './setup';

/** One answer for a wrong signature and for no signature at all. */
const REFUSED = { error: { code: 'signature_refused', message: 'The request was not accepted.' } };

/**
 * Meta tells that a person removed the app: their logins are forgotten and the accounts that hung on them disconnected,
 * in every tenant.
 */
export async function receiveDeauthorisation(
  ctx: PortalContext,
  setup: PortalSetup,
  request: PortalRequest,
): Promise<PortalResponse> {
  const personId = personOf(setup, request);
  if (personId === null) return jsonAnswer(401, REFUSED);
  await forget(ctx, setup, personId, 'The person who logged in removed the app at Meta.');
  return jsonAnswer(200, { success: true });
}

/** Meta tells that a person wants their data deleted, and shows them where they see what became of it. */
export async function receiveDeletion(
  ctx: PortalContext,
  setup: PortalSetup,
  request: PortalRequest,
): Promise<PortalResponse> {
  const personId = personOf(setup, request);
  if (personId === null) return jsonAnswer(401, REFUSED);
  const code = randomBytes(15).toString('base64url');
  const id = ulids.next(ctx.clock.now());
  const tenant = ctx.store.forTenant(setup.tenantId);
  await tenant.run(beginDeletion, { id, codeHash: hashOf(code) });
  const accounts = await forget(
    ctx,
    setup,
    personId,
    'The person who logged in asked Meta to have their data deleted.',
  );
  await tenant.run(endDeletion, { id, accounts });
  const folder = setup.pageUrl.slice(0, setup.pageUrl.lastIndexOf('/') + 1);
  return jsonAnswer(200, { url: `${folder}deletion/${code}`, confirmation_code: code });
}

/** @throws PortalFailure `not_found`, for a wrong code and for an unknown one */
export async function deletionStatus(ctx: PortalContext, code: string): Promise<DeletionRow> {
  const found = await ctx.store.run(findDataDeletion, { codeHash: hashOf(code) });
  if (!found) throw new PortalFailure('not_found');
  return found;
}

function hashOf(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}

function personOf({ appSecrets }: PortalSetup, { rawBody }: PortalRequest): string | null {
  const form = new URLSearchParams(rawBody.toString('utf8'));
  return verifySignedRequest(form.get('signed_request'), appSecrets)?.userId ?? null;
}

/** @returns how many accounts were disconnected */
async function forget(
  ctx: PortalContext,
  setup: PortalSetup,
  personId: string,
  reason: string,
): Promise<number> {
  let accounts = 0;
  for (const found of await ctx.store.run(findLoginsOfPerson, { provider: 'meta', personId })) {
    const { tenantId, loginId, sealedSecrets } = found;
    // Ids are scoped to the app, and only its own app may speak for a login.
    if (!isOfApp(ctx, setup, loginId, sealedSecrets)) continue;
    const ids = await disconnectLogin(ctx, tenantId, loginId, reason);
    await ctx.store.forTenant(tenantId).run(erasePerson, { loginId, accountIds: ids });
    accounts += ids.length;
  }
  return accounts;
}

function isOfApp(
  ctx: PortalContext,
  { apps }: PortalSetup,
  loginId: string,
  sealed: string | null,
): boolean {
  // Forgotten already: what is left of it says nothing of the person but their id, which goes too.
  if (sealed === null) return true;
  try {
    const secrets = JSON.parse(ctx.store.sealer.open(sealed, loginId)) as LoginSecrets;
    return Object.values(apps).some(({ appId }) => appId === secrets.appId);
  } catch {
    return false;
  }
}
