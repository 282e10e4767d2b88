import type { Sealer } from '../store/sealing';
import type { WebhookSubscriptionRow } from '../store/statements/webhookSubscriptions';
import { maskSecret, openHeaders, openSecrets, type SecretSet } from './secrets';
import { defaultUserAgent } from './send';
import { standardForm } from './signing';

/** A subscription as nodes show it. Secrets are masked. Instants are ISO 8601. */
export interface Subscription {
  id: string;
  tenantId: string;
  name: string;
  url: string;
  events: string[];
  active: boolean;
  accounts: string[];
  channels: string[];
  headers: Record<string, string>;
  userAgent: string;
  /** Seconds before the 2nd, 3rd, … attempt. */
  retrySchedule: number[];
  nonRetryableStatuses: number[];
  maxConcurrent: number;
  secretHint: string;
  previousSecrets: { hint: string; expiresAt: string }[];
  health: {
    consecutiveFailures: number;
    failingSince: string | null;
    /** Nothing is sent before. */
    blockedUntil: string | null;
    circuit: 'closed' | 'open' | 'halfOpen';
  };
  disabledReason: string | null;
  disabledAt: string | null;
  createdAt: string;
  updatedAt: string;
}

/** A subscription with its secret: only in the answer to the call that made the secret. */
export interface SubscriptionWithSecret extends Subscription {
  /** The key of `X-Webhook-Signature`: the whole text. */
  secret: string;
  /** The same for libraries of Standard Webhooks. */
  standardSecret: string;
}

const SECRET_NAME = /auth|token|key|secret|pass|cookie|credential|signature/;
/** What is shown in place of a header's value that looks like a key. */
export const HEADER_MASK = '••••••';

export function toSubscription(
  row: WebhookSubscriptionRow,
  sealer: Sealer,
  version: string,
  now: number,
): Subscription {
  const list = (text: string) => JSON.parse(text) as string[];
  const numbers = (text: string) => JSON.parse(text) as number[];
  const { headers, secrets } = openSealed(row, sealer);
  return {
    id: row.id,
    tenantId: row.tenant_id,
    name: row.name,
    url: row.url,
    events: list(row.events),
    active: row.active === 1,
    accounts: list(row.accounts),
    channels: list(row.channels),
    headers: masked(headers),
    userAgent: row.user_agent ?? defaultUserAgent(version),
    retrySchedule: numbers(row.retry_schedule),
    nonRetryableStatuses: numbers(row.non_retryable_statuses),
    maxConcurrent: row.max_concurrent,
    secretHint: secrets ? maskSecret(secrets.current) : 'lost: generate a new one',
    previousSecrets: (secrets?.previous ?? [])
      .filter(({ expiresAt }) => expiresAt > now)
      .map(({ secret, expiresAt }) => ({
        hint: maskSecret(secret),
        expiresAt: new Date(expiresAt).toISOString(),
      })),
    health: {
      consecutiveFailures: row.failures,
      failingSince: iso(row.failing_since),
      blockedUntil: row.blocked_until > now ? iso(row.blocked_until) : null,
      circuit: row.circuit_opens === 0 ? 'closed' : row.blocked_until > now ? 'open' : 'halfOpen',
    },
    disabledReason: row.disabled_reason,
    disabledAt: iso(row.disabled_at),
    createdAt: new Date(row.created_at).toISOString(),
    updatedAt: new Date(row.updated_at).toISOString(),
  };
}

export function withSecret(subscription: Subscription, secret: string): SubscriptionWithSecret {
  return { ...subscription, secret, standardSecret: standardForm(secret) };
}

/** With another encryption key the list must still be readable: it says what to do. */
function openSealed(
  row: WebhookSubscriptionRow,
  sealer: Sealer,
): { headers: Record<string, string>; secrets: SecretSet | null } {
  try {
    return {
      headers: openHeaders(sealer, row.id, row.sealed_headers),
      secrets: openSecrets(sealer, row.id, row.sealed_secrets),
    };
  } catch {
    return { headers: {}, secrets: null };
  }
}

function masked(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      SECRET_NAME.test(name) ? HEADER_MASK : value,
    ]),
  );
}

export function iso(instant: number | null): string | null {
  return instant === null ? null : new Date(instant).toISOString();
}
