import type { INode } from 'n8n-workflow';
import type { MetaCredential } from '../../core/providers/meta';
import { InvalidInputError } from '../../core/model/errors';
import { authenticationOf, CREDENTIAL_TYPES } from './authentication';
import { fieldReader } from './fieldReader';
import { toLoginCredential } from './loginCredential';

/** A credential as n8n gives it now, and which one it is. */
export interface ChosenCredential {
  id: string;
  credential: MetaCredential;
}

interface CredentialContext {
  getNode(): INode;
  getCredentials<T extends object>(type: string): Promise<T>;
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
  return { id, credential };
}

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
