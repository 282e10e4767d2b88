import type { App } from '../../core/runtime';
import { buildHost } from '../host';
import type { StoreCredential } from '../storeCredential';
import { core } from './loadCore';

/** What every context of n8n offers for this. */
interface CredentialReader {
  getCredentials<T extends object>(type: string): Promise<T>;
}

/**
 * The App of this process over the store that the node uses.
 * @param store the option *Store*; `credential` means the one of `omnichannelStoreApi`
 */
export async function openApp(context: CredentialReader, store: string | undefined): Promise<App> {
  const storeCredential =
    store === 'credential'
      ? await context.getCredentials<StoreCredential>('omnichannelStoreApi')
      : undefined;
  return await core.runtime.openApp(buildHost({ storeCredential }));
}

/** The option *Tenant*; empty means the default one. */
export function tenantId(tenant: string | undefined): string {
  return tenant?.trim() || 'default';
}
