import type { HttpClient } from '../../http/client';
import type { SendError } from '../../model';
import { createGraphClient } from './client';
import type { GraphAccess } from './client';
import { errorOfCodes } from './errors';
import { asId, asList, asNumber, asObject, asText } from '../graph/json';
import type { JsonObject } from '../graph/json';

/** What debug_token tells of a token; instants are epoch ms, null = never, or not told. */
export interface TokenFacts {
  /** Null while the token is good. */
  problem: SendError | null;
  type: string | null;
  appId: string | null;
  userId: string | null;
  /** The Page, of a Page's token. */
  profileId: string | null;
  issuedAt: number | null;
  expiresAt: number | null;
  dataAccessExpiresAt: number | null;
  permissions: string[];
}

export interface AppAccess {
  appId: string;
  appSecret: string;
  baseUrl: string;
  version: string;
}

/** The app speaks for itself: `<app id>|<app secret>`. */
export function accessOfApp({ appId, appSecret, baseUrl, version }: AppAccess): GraphAccess {
  return { baseUrl, version, accessToken: `${appId}|${appSecret}`, appSecret };
}

/**
 * Asks Meta about a token: GET /debug_token with the app's own (Facebook tokens alone). A dead token is an answer, in
 * `problem`; an error is raised only where the question itself failed.
 * @throws SendError
 */
export async function inspectToken(
  http: HttpClient,
  app: AppAccess,
  accessToken: string,
): Promise<TokenFacts> {
  const access = accessOfApp(app);
  const answer = await createGraphClient({ http }).call(access, {
    method: 'GET',
    path: ['debug_token'],
    query: { input_token: accessToken },
    subject: 'the look at the token',
  });
  const data = asObject(answer.data) ?? {};
  return {
    problem: problemOf(data, [accessToken, access.accessToken, app.appSecret]),
    type: asText(data.type),
    appId: asId(data.app_id),
    userId: asId(data.user_id),
    profileId: asId(data.profile_id),
    issuedAt: instant(data.issued_at),
    expiresAt: instant(data.expires_at),
    dataAccessExpiresAt: instant(data.data_access_expires_at),
    permissions: asList(data.scopes).flatMap((scope) => asText(scope) ?? []),
  };
}

/** Only an explicit "no" counts; the reason is in the codes, as in every other error of Meta. */
function problemOf(data: JsonObject, secrets: readonly string[]): SendError | null {
  if (data.is_valid !== false) return null;
  const error = asObject(data.error);
  return errorOfCodes(
    {
      code: asNumber(error?.code) ?? 190,
      subcode: asNumber(error?.subcode) ?? asNumber(error?.error_subcode),
      message: asText(error?.message),
      isTransient: false,
      traceId: null,
    },
    { subject: 'the token', purpose: 'other', secrets },
  );
}

/** Whole seconds; 0 stands for never. */
function instant(value: unknown): number | null {
  const seconds = asNumber(value);
  return seconds === null || seconds <= 0 ? null : seconds * 1_000;
}
