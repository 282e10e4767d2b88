import { StoreError, ulids, type LoginSecrets, type ProviderId } from '../model';
import type { ConnectionKeeper } from '../providers/provider';
import type { LoginRow, NewLogin, NewLoginToken } from '../store/statements/logins';
import type { AccountsContext, LoginsContext } from './context';
import { readLoginBySource, saveLogin } from './logins.unit';

/** What keeps the accounts of a provider alive; undefined where they need no care. */
export function keeperOf(ctx: LoginsContext, provider: string): ConnectionKeeper | undefined {
  return ctx.providers.get(provider as ProviderId)?.keeper;
}

/** The token of a login; null when it was forgotten, or does not open with the present encryption key. */
export function openLogin(ctx: AccountsContext, row: LoginRow): LoginSecrets | null {
  if (row.sealed_secrets === null) return null;
  try {
    return JSON.parse(ctx.store.sealer.open(row.sealed_secrets, row.id)) as LoginSecrets;
  } catch (error) {
    if (error instanceof StoreError && error.code === 'store_key_lost') return null;
    throw error;
  }
}

export interface KeepLoginInput extends Omit<NewLogin, 'id'> {
  tenantId: string;
  secrets: LoginSecrets;
  token: Omit<NewLoginToken, 'sealedSecrets'>;
}

/** Two processes that make the same login at once meet at most once. */
const SAVE_ATTEMPTS = 3;

/** Stores a login under the id of its source's present one, or a new id. @returns the id */
export async function keepLogin(ctx: AccountsContext, input: KeepLoginInput): Promise<string> {
  const { provider, source, fingerprint, tokenFingerprint, token } = input;
  const tenant = ctx.store.forTenant(input.tenantId);
  for (let attempt = 1; attempt <= SAVE_ATTEMPTS; attempt += 1) {
    const present = await tenant.run(readLoginBySource, { provider, source });
    const id = present?.id ?? ulids.next(ctx.clock.now());
    const sealedSecrets = ctx.store.sealer.seal(JSON.stringify(input.secrets), id);
    const login = { id, provider, source, fingerprint, tokenFingerprint };
    if (await tenant.run(saveLogin, { ...login, token: { ...token, sealedSecrets } })) return id;
  }
  throw new StoreError(
    'store_conflict',
    'The same login is being stored by another process at this moment.',
    true,
    { hint: 'Try again.' },
  );
}
