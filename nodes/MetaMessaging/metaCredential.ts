import { createHash } from 'node:crypto';
import type { ILoadOptionsFunctions, INode } from 'n8n-workflow';
import type { MetaCredential } from '../../core/providers/meta';
import type { App } from '../../core/runtime';
import { InvalidInputError } from '../../core/model/errors';
import { sentenceOf } from '../shared/errors';
import { core } from '../shared/loadCore';

export const META_CREDENTIAL = 'metaAccessTokenApi';

/** A credential as n8n gives it now, and which one it is. */
export interface ChosenCredential {
  id: string;
  credential: MetaCredential;
}

interface CredentialContext {
  getNode(): INode;
  getCredentials<T extends object>(type: string): Promise<T>;
}

/** @throws InvalidInputError when the token is missing */
export async function chosenCredential(context: CredentialContext): Promise<ChosenCredential> {
  const fields = await context.getCredentials<Record<string, unknown>>(META_CREDENTIAL);
  const id = context.getNode().credentials?.[META_CREDENTIAL]?.id ?? 'unsaved';
  return { id, credential: toMetaCredential(fields) };
}

/** The credential's fields without surrounding blanks (they come along when a token is pasted); empty = absent. */
export function toMetaCredential(fields: Record<string, unknown>): MetaCredential {
  const text = (name: string): string | undefined => {
    const value = fields[name];
    return typeof value === 'string' && value.trim() ? value.trim() : undefined;
  };
  const accessToken = text('accessToken');
  if (!accessToken) {
    throw new InvalidInputError('Access Token', 'The credential has no access token.', {
      hint: 'Paste a Page token or a system user token into the credential.',
    });
  }
  const optional = Object.fromEntries(
    (['appId', 'appSecret', 'instagramAppSecret', 'pageId', 'verifyToken'] as const)
      .map((name) => [name, text(name)] as const)
      .filter(([, value]) => value !== undefined),
  );
  return {
    ...optional,
    accessToken,
    graphVersion: text('graphVersion') ?? 'v25.0',
    graphBaseUrl: text('graphBaseUrl') ?? 'https://graph.facebook.com',
  };
}

const SYNCED = Symbol.for('n8n-nodes-omnichannel.syncedMetaCredentials');

/** What was synced in this process: digest of tenant, credential id and store -> digest of the credential. */
function syncedCredentials(): Map<string, string> {
  const holder = globalThis as { [SYNCED]?: Map<string, string> };
  return (holder[SYNCED] ??= new Map<string, string>());
}

/**
 * Asks Meta for the accounts of the credential and stores them: the first time this process uses it, and again
 * whenever one of its fields has changed (n8n never tells). While Meta cannot be asked, accounts that are
 * already known go on.
 * @throws SendError of the discovery when the tenant has no account of this credential yet
 */
export async function ensureAccounts(
  app: App,
  tenant: string,
  { id, credential }: ChosenCredential,
): Promise<void> {
  const key = digest([tenant, id, app.host.store]);
  const hash = digest(credential);
  if (syncedCredentials().get(key) === hash) return;
  const synced = syncAccounts(app, tenant, { id, credential });
  const [failure] = await Promise.allSettled([synced]);
  if (failure.status === 'fulfilled') {
    syncedCredentials().set(key, hash);
    return;
  }
  const known = await core.accounts.listAccounts(app, tenant, { provider: 'meta' });
  if (!known.some(({ credentialId }) => credentialId === id)) await synced;
  const reason = sentenceOf(failure.reason);
  app.logger.warn(`The accounts of a Meta credential could not be read. ${reason}`, {
    credentialId: id,
  });
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/** Asks now, whatever was asked before. */
export async function syncAccounts(app: App, tenant: string, { id, credential }: ChosenCredential) {
  const discovered = await core.meta.discoverMetaAccounts(app.http, credential);
  return await core.accounts.syncCredentialAccounts(app, {
    tenantId: tenant,
    provider: 'meta',
    credentialId: id,
    discovered,
  });
}

/** Before a list of accounts is shown: a fresh credential has its accounts read now. */
export async function refreshAccounts(
  this: ILoadOptionsFunctions,
  app: App,
  tenant: string,
): Promise<void> {
  await ensureAccounts(app, tenant, await chosenCredential(this));
}
