import { DEFAULT_GRAPH_BASE_URL, DEFAULT_GRAPH_VERSION } from './client';
import type { CloudAccess } from './client';

/** The credential `whatsAppCloudApi`, its fields as the admin filled them in (empty texts allowed). */
export interface WhatsAppCredential {
  accessToken: string;
  /** Empty: every number of the business account. */
  phoneNumberId?: string;
  businessAccountId?: string;
  appSecret?: string;
  verifyToken?: string;
  graphVersion: string;
  graphBaseUrl: string;
}

/** Names of the credential's fields, as errors show them. */
export const CREDENTIAL_FIELDS = {
  token: 'Access Token',
  number: 'Phone Number ID',
  business: 'WhatsApp Business Account ID',
  appSecret: 'App Secret',
  verifyToken: 'Verify Token',
} as const;

export function accessOfCredential(credential: WhatsAppCredential): CloudAccess {
  return {
    baseUrl: credential.graphBaseUrl || DEFAULT_GRAPH_BASE_URL,
    version: credential.graphVersion || DEFAULT_GRAPH_VERSION,
    accessToken: credential.accessToken.trim(),
    appSecret: credential.appSecret?.trim() || undefined,
  };
}
