import type {
  ICredentialsDecrypted,
  ICredentialTestFunctions,
  INodeCredentialTestResult,
} from 'n8n-workflow';
import type { HttpClient } from '../../core/http';
import { toGoogleCredential } from '../GoogleCalendar/googleCredential';
import { buildHost } from '../host';
import { toMetaCredential } from '../MetaMessaging/metaCredential';
import { toNotificaMeCredential } from '../NotificaMe/notificaMeCredential';
import { toWhatsAppCredential } from '../WhatsAppCloud/whatsAppCredential';
import { secretsOf } from '../SignedWebhook/signedWebhookCredential';
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
  return await overHttp(async (http) => {
    const credential = toMetaCredential(data ?? {});
    const { name } = await core.meta.checkMetaCredential(http, credential);
    const accounts = await core.meta.discoverMetaAccounts(http, credential);
    return `Connected as ${name}. Accounts: ${accounts.map((account) => account.name).join(', ')}.`;
  });
}

/**
 * Asks for the number and for the numbers of the business account, with the proof that needs the app secret: so it tells
 * a wrong token, phone number, business account and app secret apart.
 */
export async function testWhatsAppCredential(
  this: ICredentialTestFunctions,
  { data }: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
  return await overHttp(async (http) => {
    const numbers = await core.whatsApp.findNumbers(http, toWhatsAppCredential(data ?? {}));
    return `Connected. ${numbers.map(core.whatsApp.describeNumber).join('; ')}.`;
  });
}

/** Asks for the channels that the token reaches; it says which of them NotificaMe calls disconnected. */
export async function testNotificaMeCredential(
  this: ICredentialTestFunctions,
  { data }: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
  return await overHttp(async (http) =>
    core.notificaMe.describeCredential(http, toNotificaMeCredential(data ?? {})),
  );
}

async function overHttp(test: (http: HttpClient) => Promise<string>) {
  return await result(async () => {
    const http = httpClient();
    try {
      return await test(http);
    } finally {
      await http.close();
    }
  });
}

/** Says whether the key, the API or the sharing of the calendar is the problem. */
export async function testGoogleCredential(
  this: ICredentialTestFunctions,
  { data }: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
  return await overHttp(async (http) => {
    const credential = toGoogleCredential(data ?? {});
    return (await core.google.checkGoogleCredential(http, credential)).summary;
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

/** Signs and verifies the official example of Standard Webhooks with this Node, then the same with the given secrets. */
export async function testSignedWebhookCredential(
  this: ICredentialTestFunctions,
  { data }: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
  return await result(async () => {
    if (!core.webhooks.verifyOfficialVector()) {
      throw new Error('This n8n computes wrong signatures: the official example does not verify.');
    }
    const secrets = secretsOf(data ?? {});
    for (const secret of secrets) mustVerifyOwnSignature(secret);
    return secrets.length > 1
      ? 'Both secrets sign and verify. Empty the previous one when the sender has changed over.'
      : 'The secret signs and verifies. Whether the sender has the same one shows at its first call.';
  });
}

function mustVerifyOwnSignature(secret: string): void {
  const body = '{"test":true}';
  const nowMs = Date.now();
  const timestamp = Math.floor(nowMs / 1000);
  const headers = core.webhooks.signDelivery({
    secrets: [secret],
    webhookId: 'msg_test',
    timestamp,
    body,
  });
  for (const scheme of ['standardWebhooks', 'xWebhookSignature'] as const) {
    const { ok } = core.webhooks.verifySignedWebhook({
      scheme,
      secrets: [secret],
      headers,
      rawBody: Buffer.from(body),
      nowMs,
    });
    if (!ok) throw new Error('What this secret signs does not verify with it.');
  }
}

function httpClient(): HttpClient {
  const { version, logger } = buildHost();
  return core.http.createHttpClient({ userAgent: `n8n-nodes-omnichannel/${version}`, logger });
}

async function result(test: () => Promise<string>): Promise<INodeCredentialTestResult> {
  try {
    return { status: 'OK', message: await test() };
  } catch (error) {
    return { status: 'Error', message: sentenceOf(error) };
  }
}
