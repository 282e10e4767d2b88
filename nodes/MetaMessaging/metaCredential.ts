import type { MetaCredential } from '../../core/providers/meta';
import { InvalidInputError } from '../../core/model/errors';
import { accountRefresher } from '../shared/credentialAccounts';
import type { CredentialContext, CredentialSource } from '../shared/credentialSource';
import { fieldReader } from '../shared/fieldReader';
import { core } from '../shared/loadCore';
import { authenticationOf, CREDENTIAL_TYPES } from './authentication';
import { mustBeConnected, toLoginCredential } from './loginCredential';

/** A credential as n8n gives it now, and which one it is. */
export interface ChosenCredential extends CredentialSource {
  credential: MetaCredential;
}

/** @throws InvalidInputError when a pasted token is missing */
export async function chosenCredential(context: CredentialContext): Promise<ChosenCredential> {
  const node = context.getNode();
  const authentication = authenticationOf(node);
  const type = CREDENTIAL_TYPES[authentication];
  const fields = await context.getCredentials<Record<string, unknown>>(type);
  const id = node.credentials?.[type]?.id ?? 'unsaved';
  const credential =
    authentication === 'oAuth2' ? toLoginCredential(fields) : toMetaCredential(fields);
  return {
    id,
    provider: 'meta',
    credential,
    login() {
      mustBeConnected(credential);
      return core.meta.loginOfCredential(credential);
    },
    isFresh: credential.isFresh ?? false,
  };
}

/** Before a list of accounts is shown: it has what Meta knows now. */
export const refreshAccounts = accountRefresher(chosenCredential);

/** The fields of `metaAccessTokenApi`. */
export function toMetaCredential(fields: Record<string, unknown>): MetaCredential {
  const text = fieldReader(fields);
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
