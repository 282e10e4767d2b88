import { hkdfSync } from 'node:crypto';
import type { HubSettings } from '../../core/model/account';
import type { NotificaMeCredential } from '../../core/providers/notificame';
import { InvalidInputError } from '../../core/model/errors';
import { buildHost } from '../host';
import { accountRefresher } from '../shared/credentialAccounts';
import type { CredentialContext, CredentialSource } from '../shared/credentialSource';
import { fieldReader } from '../shared/fieldReader';
import { listOf } from '../shared/fieldValues';
import { core } from '../shared/loadCore';

const TYPE = 'notificaMeApi';

/** A credential as n8n gives it now, and which one it is. */
export interface ChosenCredential extends CredentialSource {
  credential: NotificaMeCredential & { webhookSecret: string };
}

/** @throws InvalidInputError naming the field that is missing or wrong */
export async function chosenCredential(context: CredentialContext): Promise<ChosenCredential> {
  const fields = await context.getCredentials<Record<string, unknown>>(TYPE);
  const id = context.getNode().credentials?.[TYPE]?.id ?? 'unsaved';
  const given = toNotificaMeCredential(fields);
  const credential = { ...given, webhookSecret: given.webhookSecret ?? madeSecret(id) };
  return {
    id,
    provider: 'notificame',
    credential,
    login: () => core.notificaMe.loginOfNotificaMe(credential),
    isFresh: false,
  };
}

/** Before a list of accounts is shown: it has what NotificaMe knows now. */
export const refreshAccounts = accountRefresher(chosenCredential);

/** 256 bits that only this n8n can tell, the same in all of its processes: nothing has to be kept. */
function madeSecret(credentialId: string): string {
  const { secret } = buildHost().encryptionKey;
  const info = `notificame-door ${credentialId}`;
  return Buffer.from(hkdfSync('sha256', secret, 'n8n-nodes-omnichannel', info, 32)).toString(
    'base64url',
  );
}

/** Shorter ones could be found by trying; other characters would not stay as they are in an address. */
const SECRET = /^[A-Za-z0-9_-]{32,200}$/;

const PATH_FIELDS = [
  ['create', 'createPath'],
  ['list', 'listPath'],
  ['get', 'getPath'],
  ['authorize', 'authorizePath'],
  ['callback', 'callbackPath'],
  ['sync', 'syncPath'],
  ['qrcode', 'qrcodePath'],
  ['disconnect', 'disconnectPath'],
] as const;

/** The fields of `notificaMeApi`. @throws InvalidInputError naming the field that is missing or wrong */
export function toNotificaMeCredential(fields: Record<string, unknown>): NotificaMeCredential {
  const text = fieldReader(fields);
  const { CREDENTIAL_FIELDS, DEFAULT_HUB_BASE_URL, DEFAULT_HUB_TIMEZONE, DEFAULT_V2_CHANNELS } =
    core.notificaMe;
  const apiToken = text('apiToken');
  if (!apiToken) {
    throw new InvalidInputError(CREDENTIAL_FIELDS.token, 'The credential has no API token.', {
      hint: "Paste the sub-account's token from NotificaMe's panel into the credential.",
    });
  }
  const webhookSecret = text('webhookSecret');
  if (webhookSecret !== undefined && !SECRET.test(webhookSecret)) {
    throw new InvalidInputError(
      CREDENTIAL_FIELDS.secret,
      'The webhook secret is too short, or holds other characters than letters, digits, "-" and "_".',
      { hint: 'Give it 32 characters or more, or leave it empty: then one is made.' },
    );
  }
  const timezone = text('timezone') ?? DEFAULT_HUB_TIMEZONE;
  if (!isZone(timezone)) {
    throw new InvalidInputError(
      CREDENTIAL_FIELDS.timezone,
      `There is no time zone "${timezone}".`,
      { hint: 'Write it like America/Sao_Paulo.' },
    );
  }
  const v2Channels = text('v2Channels');
  const profile = fields.profile === 'instances' ? 'instances' : 'hub';
  const paths = Object.fromEntries(
    PATH_FIELDS.flatMap(([name, field]) => {
      const path = text(field);
      return path === undefined ? [] : [[name, path.startsWith('/') ? path : `/${path}`]];
    }),
  );
  const settings: HubSettings = {
    profile,
    ...(webhookSecret === undefined ? {} : { webhookSecret }),
    v2Channels: v2Channels === undefined ? [...DEFAULT_V2_CHANNELS] : listOf(v2Channels),
    fileTypes: fields.fileTypes === 'mime' ? 'mime' : 'kind',
    timezone,
    ...(profile === 'instances' && Object.keys(paths).length > 0 ? { paths } : {}),
  };
  return { apiToken, baseUrl: text('baseUrl') ?? DEFAULT_HUB_BASE_URL, ...settings };
}

function isZone(timezone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: timezone });
    return true;
  } catch {
    return false;
  }
}
