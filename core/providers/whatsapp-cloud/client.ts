import type { HttpClient, HttpRequest, HttpResponse } from '../../http/client';
import {
  DEFAULT_GRAPH_BASE_URL,
  DEFAULT_GRAPH_VERSION,
  appSecretProof,
  contextOf,
  createGraphTransport,
  requireToken,
  type GraphAccess,
  type GraphCall,
  type GraphDialect,
  type UsageListener,
} from '../graph/client';
import type { JsonObject } from '../graph/json';
import type { ProviderConnection } from '../provider';
import { errorOfAnswer, unreadableAnswer, whatsAppError, whatsAppTransportError } from './errors';

export { DEFAULT_GRAPH_BASE_URL, DEFAULT_GRAPH_VERSION };
export type CloudAccess = GraphAccess;
export type CloudUsageListener = UsageListener;

export interface CloudClient {
  /**
   * One call to the Cloud API; the token travels in the header, never in the address.
   * @returns the JSON object of a success
   * @throws SendError (ProviderError, TokenExpiredError, RateLimitedError, OutcomeUnknownError)
   */
  call(access: CloudAccess, call: GraphCall): Promise<JsonObject>;
  /** The bytes behind an address that Meta gave for a file; it wants the token as well. */
  download(access: CloudAccess, url: string, maxBytes: number): Promise<HttpResponse>;
  /**
   * The bytes of a file, whole, into an upload session of Meta's Resumable Upload API.
   * @param sessionId as Meta gave it: it holds a query of its own (`upload:…?sig=…`) and goes into the address as it is
   */
  uploadTo(
    access: CloudAccess,
    sessionId: string,
    file: { bytes: Uint8Array; mimeType: string },
    subject: string,
  ): Promise<JsonObject>;
}

export interface CloudClientOptions {
  http: HttpClient;
  onUsage?: CloudUsageListener | undefined;
}

const DOWNLOAD_TIMEOUT_MS = 180_000;

const DIALECT: GraphDialect = {
  isRefusal: (body) => errorOfAnswer(body) !== null,
  errorOf: whatsAppError,
  unreadable: unreadableAnswer,
  transportError: whatsAppTransportError,
  // The pair limit is about one person, and the limits of the management calls are none of the messages.
  holdsMessagesUp: ({ purpose }, { details }) => purpose === 'send' && details.ofRecipient !== true,
};

export function accessOf({ account, secrets }: ProviderConnection): CloudAccess {
  return {
    account,
    baseUrl: secrets.apiBaseUrl || DEFAULT_GRAPH_BASE_URL,
    version: secrets.apiVersion || DEFAULT_GRAPH_VERSION,
    accessToken: secrets.accessToken ?? '',
    appSecret: secrets.appSecret || undefined,
  };
}

export function createCloudClient({ http, onUsage }: CloudClientOptions): CloudClient {
  const transport = createGraphTransport({ http, dialect: DIALECT, onUsage });
  return {
    call: (access, call) => transport.call(access, call),
    async download(access, url, maxBytes) {
      const context = contextOf(access, { subject: 'the file' });
      requireToken(access, context.subject);
      const request: HttpRequest = {
        method: 'GET',
        url,
        guard: isOwnHost(url, access) ? 'trusted' : 'public',
        headers: { authorization: `Bearer ${access.accessToken}` },
        timeoutMs: DOWNLOAD_TIMEOUT_MS,
        maxResponseBytes: maxBytes,
      };
      const response = await transport.exchange(request, context);
      if (response.status === 200) return response;
      throw whatsAppError(response, context);
    },
    async uploadTo(access, sessionId, { bytes, mimeType }, subject) {
      const context = contextOf(access, { subject });
      requireToken(access, subject);
      const address = URL.parse(
        `${access.baseUrl.replace(/\/+$/, '')}/${access.version}/${sessionId}`,
      );
      if (access.appSecret) {
        const proof = appSecretProof(access.accessToken, access.appSecret);
        address?.searchParams.set('appsecret_proof', proof);
      }
      const response = await transport.exchange(
        {
          method: 'POST',
          url: address ?? '',
          guard: 'trusted',
          // This part of the API names the token's kind differently.
          headers: {
            authorization: `OAuth ${access.accessToken}`,
            file_offset: '0',
            'content-type': mimeType,
          },
          body: Buffer.from(bytes),
          timeoutMs: DOWNLOAD_TIMEOUT_MS,
        },
        context,
      );
      return transport.readSuccess(response, context);
    },
  };
}

/** Files come from Meta's own content hosts; a stand-in of the Graph API serves them itself. */
function isOwnHost(url: string, { baseUrl }: CloudAccess): boolean {
  return URL.parse(url)?.origin === URL.parse(baseUrl)?.origin;
}
