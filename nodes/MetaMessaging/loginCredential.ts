import type { MetaCredential } from '../../core/providers/meta';
import { InvalidInputError } from '../../core/model/errors';
import { fieldReader } from '../shared/fieldReader';

/**
 * The fields of `metaOAuth2Api`. n8n keeps what the provider answered in `oauthTokenData`: the token itself, or, from
 * Instagram, at times a list with it. While nobody has logged in, and after n8n's own "Disconnect", there is no token
 * (see mustBeConnected); what proves a webhook call is there all the same.
 */
export function toLoginCredential(fields: Record<string, unknown>): MetaCredential {
  const text = fieldReader(fields);
  const isInstagram = fields.login === 'instagram';
  const clientId = text('clientId');
  const clientSecret = text('clientSecret');
  // The app that people log in with is the Meta app, or the Instagram app that belongs to one.
  const apps = isInstagram
    ? {
        appId: text('metaAppId'),
        appSecret: text('metaAppSecret'),
        instagramAppId: clientId,
        instagramAppSecret: clientSecret,
        instagramGraphBaseUrl: text('instagramGraphBaseUrl'),
      }
    : {
        appId: clientId,
        appSecret: clientSecret,
        instagramAppId: text('instagramAppId'),
        instagramAppSecret: text('instagramAppSecret'),
      };
  const optional = Object.fromEntries(
    Object.entries({ ...apps, verifyToken: text('verifyToken') }).filter(
      ([, value]) => value !== undefined,
    ),
  );
  return {
    ...optional,
    login: isInstagram ? 'instagram' : 'facebook',
    isFresh: true,
    accessToken: tokenOf(fields.oauthTokenData) ?? '',
    graphVersion: text('graphVersion') ?? 'v25.0',
    graphBaseUrl: text('graphBaseUrl') ?? 'https://graph.facebook.com',
  };
}

/** @throws InvalidInputError while nobody has logged in */
export function mustBeConnected({ accessToken }: MetaCredential): void {
  if (accessToken !== '') return;
  throw new InvalidInputError('Connect', 'The credential is not connected yet.', {
    hint: 'Open it, click "Connect" and go through the dialog; then open the node within the hour.',
  });
}

function tokenOf(data: unknown): string | undefined {
  const answer = typeof data === 'string' ? parsed(data) : data;
  if (!isRecord(answer)) return undefined;
  const [first] = Array.isArray(answer.data) ? (answer.data as unknown[]) : [];
  const token = answer.access_token ?? (isRecord(first) ? first.access_token : undefined);
  return typeof token === 'string' && token !== '' ? token : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
