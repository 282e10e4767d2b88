import type { INode } from 'n8n-workflow';
import type { MetaCredential } from '../../core/providers/meta';
import { InvalidInputError } from '../../core/model/errors';

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
