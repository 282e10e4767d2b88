import type { ILoadOptionsFunctions } from 'n8n-workflow';
import type { SourceState } from '../../core/accounts';
import type { Account } from '../../core/model/account';
import type { App } from '../../core/runtime';
import type { CredentialChooser, CredentialSource } from './credentialSource';
import { sentenceOf } from './errors';
import { core } from './loadCore';

/** What this process knows of one credential of one tenant; values of credentials appear as keyed fingerprints alone. */
interface Progress {
  /** The values that the accounts hold. */
  current?: string;
  /** When this process asked the provider for them last, with success. */
  readAt?: number;
  /** The values with which they could not be read, and when that was tried last. */
  failed?: { values: string; at: number };
  /** Asking the provider takes a second: who needs the same meanwhile waits along. */
  running?: { values: string; accounts: Promise<Account[]> };
}

const progressByStore = new WeakMap<App['store'], Map<string, Progress>>();

function progressOf({ store }: App, tenant: string, credentialId: string): Progress {
  const known = progressByStore.get(store) ?? new Map<string, Progress>();
  progressByStore.set(store, known);
  const key = JSON.stringify([tenant, credentialId]);
  const progress = known.get(key) ?? {};
  known.set(key, progress);
  return progress;
}

function valuesOf(app: App, { credential }: CredentialSource): string {
  return core.accounts.fingerprintOf(app, credential);
}

/** See ConnectLoginInput. */
interface ConnectOptions {
  subscribes?: boolean;
}

/**
 * Asks the provider now for the accounts of the credential, stores them and, where a door is open for it, subscribes them to
 * webhooks (a changed credential may be of another app). A refused subscription only shows on its account.
 * @throws SendError when the token does not work; StoreError
 */
export async function connectAccounts(
  app: App,
  tenant: string,
  chosen: CredentialSource,
  options: ConnectOptions = {},
): Promise<Account[]> {
  const progress = progressOf(app, tenant, chosen.id);
  const values = valuesOf(app, chosen);
  if (progress.running?.values === values) return await progress.running.accounts;
  const running = { values, accounts: connect(app, tenant, chosen, values, options) };
  progress.running = running;
  const [{ status }] = await Promise.allSettled([running.accounts]);
  if (progress.running === running) delete progress.running;
  if (status === 'fulfilled') {
    progress.current = values;
    progress.readAt = Date.now();
    delete progress.failed;
  } else {
    progress.failed = { values, at: Date.now() };
  }
  return await running.accounts;
}

async function connect(
  app: App,
  tenant: string,
  chosen: CredentialSource,
  fingerprint: string,
  options: ConnectOptions,
): Promise<Account[]> {
  return await core.accounts.connectLogin(app, {
    ...sourceOf(chosen),
    tenantId: tenant,
    fingerprint,
    secrets: chosen.login(),
    isFresh: chosen.isFresh,
    ...options,
  });
}

/** How the credential names itself in the store. */
function sourceOf({ id, provider }: CredentialSource) {
  return { provider, source: { kind: 'credential', id } } as const;
}

/** How closely somebody looks whether the credential was changed. */
export interface Attention {
  /** Nothing was noticed here: ask the store, where another process may have connected other values. */
  looksInStore?: boolean;
  /** The provider may know of more accounts than the store: ask it, unless this process did within so many milliseconds. */
  maxAgeMs?: number;
  /** Milliseconds to leave the provider alone after values with which the accounts could not be read. */
  pauseMs?: number;
}

/**
 * Makes the tenant's accounts hold what the credential leads to: when it is used for the first time, and again when
 * one of its values was changed (n8n never tells). When the provider cannot be asked, the accounts go on with what they have
 * and carry a warning.
 * @throws SendError of the discovery when the tenant has no account of this credential; StoreError
 */
export async function ensureAccounts(
  app: App,
  tenant: string,
  chosen: CredentialSource,
  { looksInStore = false, maxAgeMs = Infinity, pauseMs = 0 }: Attention = {},
): Promise<void> {
  const progress = progressOf(app, tenant, chosen.id);
  const values = valuesOf(app, chosen);
  const { failed } = progress;
  const isCurrentHere = progress.current === values;
  const isFresh = maxAgeMs === Infinity || Date.now() - (progress.readAt ?? 0) < maxAgeMs;
  if (isCurrentHere && !failed && isFresh && !looksInStore) return;
  if (failed?.values === values && Date.now() - failed.at < pauseMs) return;

  const state = await core.accounts.sourceState(app, {
    ...sourceOf(chosen),
    tenantId: tenant,
    fingerprint: values,
  });
  const isCurrent = state === 'current';
  // After a failure also with the former values put back: their success takes the warning away.
  if (isCurrent && !failed && isFresh) {
    progress.current = values;
    return;
  }
  const connected = connectAccounts(app, tenant, chosen);
  const [outcome] = await Promise.allSettled([connected]);
  if (outcome.status === 'fulfilled') return;
  if (state === 'none') await connected;
  else await warn(app, tenant, chosen, state, sentenceOf(outcome.reason));
}

async function warn(
  app: App,
  tenant: string,
  { id: credentialId, provider }: CredentialSource,
  state: SourceState,
  why: string,
): Promise<void> {
  app.logger.warn(`The accounts of a credential could not be read. ${why}`, {
    provider,
    credentialId,
  });
  if (state === 'current') return;
  const reason = `The credential was changed in n8n, but its accounts could not be read with the new values; they go on with the former ones. ${why}`;
  const accounts = await core.accounts.listAccounts(app, tenant, { provider });
  for (const account of accounts) {
    if (account.credentialId !== credentialId || account.statusReason === reason) continue;
    await core.accounts.setAccountWarning(app, tenant, account.id, reason);
  }
}

/** n8n asks for a list with each letter that is typed into its search. */
const LIST_MAX_AGE_MS = 10_000;

/** What is done before a list of accounts is shown: it has what the provider knows now. */
export function accountRefresher(choose: CredentialChooser) {
  return async function refreshAccounts(
    this: ILoadOptionsFunctions,
    app: App,
    tenant: string,
  ): Promise<void> {
    await ensureAccounts(app, tenant, await choose(this), { maxAgeMs: LIST_MAX_AGE_MS });
  };
}
