import type {
  ICredentialsDecrypted,
  ICredentialTestFunctions,
  INodeCredentialTestResult,
} from 'n8n-workflow';
import { buildHost } from '../host';
import { toMetaCredential } from '../MetaMessaging/metaCredential';
import type { StoreCredential } from '../storeCredential';
import { sentenceOf } from './errors';
import { core } from './loadCore';

/**
 * Asks Meta who the token is, with the proof that needs the app secret, and then for the accounts it reaches: so
 * it tells a wrong token, app secret and Page ID apart.
 */
export async function testMetaCredential(
  this: ICredentialTestFunctions,
  { data }: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
  return await result(async () => {
    const { version, logger } = buildHost();
    const http = core.http.createHttpClient({
      userAgent: `n8n-nodes-omnichannel/${version}`,
      logger,
    });
    try {
      const credential = toMetaCredential(data ?? {});
      const { name } = await core.meta.checkMetaCredential(http, credential);
      const accounts = await core.meta.discoverMetaAccounts(http, credential);
      return `Connected as ${name}. Accounts: ${accounts.map((account) => account.name).join(', ')}.`;
    } finally {
      await http.close();
    }
  });
}

/** Connects, writes and reads back. */
export async function testStoreCredential(
  this: ICredentialTestFunctions,
  { data }: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
  return await result(async () => {
    const host = buildHost({ storeCredential: (data ?? {}) as StoreCredential });
    const { location, serverVersion } = await core.store.testStoreConnection({
      target: host.store,
      executionsMode: host.executionsMode,
    });
    const kind = host.store.kind === 'postgres' ? 'PostgreSQL' : 'SQLite';
    return `Connected, wrote and read back: ${kind} ${serverVersion}, ${location}.`;
  });
}

async function result(test: () => Promise<string>): Promise<INodeCredentialTestResult> {
  try {
    return { status: 'OK', message: await test() };
  } catch (error) {
    return { status: 'Error', message: sentenceOf(error) };
  }
}
