import type { WhatsAppCredential } from '../../core/providers/whatsapp-cloud';
import { InvalidInputError } from '../../core/model/errors';
import { accountRefresher } from '../shared/credentialAccounts';
import type { CredentialContext, CredentialSource } from '../shared/credentialSource';
import { fieldReader } from '../shared/fieldReader';
import { core } from '../shared/loadCore';

const TYPE = 'whatsAppCloudApi';

/** A credential as n8n gives it now, and which one it is. */
export interface ChosenCredential extends CredentialSource {
  credential: WhatsAppCredential;
}

/** @throws InvalidInputError when the token is missing */
export async function chosenCredential(context: CredentialContext): Promise<ChosenCredential> {
  const fields = await context.getCredentials<Record<string, unknown>>(TYPE);
  const credential = toWhatsAppCredential(fields);
  return {
    id: context.getNode().credentials?.[TYPE]?.id ?? 'unsaved',
    provider: 'whatsapp_cloud',
    credential,
    login: () => core.whatsApp.loginOfWhatsApp(credential),
    isFresh: false,
  };
}

/** Before a list of accounts is shown: it has what WhatsApp knows now. */
export const refreshAccounts = accountRefresher(chosenCredential);

/** The fields of `whatsAppCloudApi`. @throws InvalidInputError when the token is missing */
export function toWhatsAppCredential(fields: Record<string, unknown>): WhatsAppCredential {
  const text = fieldReader(fields);
  const accessToken = text('accessToken');
  if (!accessToken) {
    throw new InvalidInputError('Access Token', 'The credential has no access token.', {
      hint: 'Paste the token of a system user into the credential.',
    });
  }
  const optional = Object.fromEntries(
    (['phoneNumberId', 'businessAccountId', 'appSecret', 'verifyToken'] as const)
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
