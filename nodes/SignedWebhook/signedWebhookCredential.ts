import { InvalidInputError } from '../../core/model/errors';
import { core } from '../shared/loadCore';

export const SIGNED_WEBHOOK_CREDENTIAL = 'signedWebhookApi';

interface CredentialContext {
  getCredentials<T extends object>(type: string): Promise<T>;
}

/** The secrets that a signature may be made with, the current one first. @throws InvalidInputError a weak one */
export async function signingSecrets(context: CredentialContext): Promise<string[]> {
  return secretsOf(
    await context.getCredentials<Record<string, unknown>>(SIGNED_WEBHOOK_CREDENTIAL),
  );
}

/**
 * Without surrounding blanks, which come along when a secret is pasted. A blank or short secret can be guessed: it is
 * refused rather than used.
 * @throws InvalidInputError naming the field, never the secret
 */
export function secretsOf(fields: Record<string, unknown>): string[] {
  const { secret, previousSecret } = fields;
  const current = checked('Secret', secret);
  const previous = textOf(previousSecret);
  return previous ? [current, checked('Previous Secret', previous)] : [current];
}

function checked(field: string, value: unknown): string {
  const secret = textOf(value);
  const fault = core.webhooks.checkSigningSecret(secret);
  if (fault === null) return secret;
  throw new InvalidInputError(field, `"${field}" of the credential cannot be used. ${fault}`, {
    hint: 'Give the secret that the sender signs with; a good one has 24 random bytes.',
  });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}
