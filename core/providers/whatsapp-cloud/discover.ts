import type { HttpClient } from '../../http/client';
import { InvalidInputError, ProviderError, TokenExpiredError } from '../../model';
import type { AccountSecrets } from '../../model';
import type { DiscoveredAccount } from '../provider';
import { createCloudClient } from './client';
import type { CloudAccess, CloudClient } from './client';
import { CREDENTIAL_FIELDS, accessOfCredential } from './credential';
import type { WhatsAppCredential } from './credential';
import { getPhoneNumber, healthOf, listPhoneNumbers, nameOf } from './numbers';
import type { PhoneNumber } from './numbers';

/** A business account has a handful of numbers (25 at most by default); this is for loops that Meta would not end. */
const MAX_LIST_CALLS = 10;
const PAGE_SIZE = 100;

/**
 * The accounts behind a credential: its number, or every number of its business account.
 * @throws InvalidInputError naming the credential's field that is wrong (token, number, business account, app secret);
 * SendError from Meta for everything that is no fault of the credential
 */
export async function discoverWhatsAppAccounts(
  http: HttpClient,
  credential: WhatsAppCredential,
): Promise<DiscoveredAccount[]> {
  const access = accessOfCredential(credential);
  const businessId = credential.businessAccountId?.trim() || null;
  const verifyToken = credential.verifyToken?.trim();
  const numbers = await findNumbers(http, credential);
  const secrets: AccountSecrets = {
    accessToken: access.accessToken,
    apiBaseUrl: access.baseUrl,
    apiVersion: access.version,
    ...(access.appSecret ? { appSecret: access.appSecret } : {}),
    ...(verifyToken ? { verifyToken } : {}),
  };
  return numbers.map((number) => ({
    channel: 'whatsapp',
    externalId: number.id,
    parentExternalId: businessId,
    name: nameOf(number),
    secrets,
    expiresAt: null,
    health: healthOf(number),
  }));
}

/** The numbers that a credential leads to. @throws like discoverWhatsAppAccounts */
export async function findNumbers(
  http: HttpClient,
  credential: WhatsAppCredential,
): Promise<PhoneNumber[]> {
  const access = accessOfCredential(credential);
  const numberId = credential.phoneNumberId?.trim() || null;
  const businessId = credential.businessAccountId?.trim() || null;
  requireFilled(access, numberId, businessId);
  const client = createCloudClient({ http });
  const ask = new Questions(client, access);
  const number = numberId === null ? null : await ask.number(numberId);
  if (businessId === null) return number === null ? [] : [number];
  const listed = await ask.business(businessId);
  if (number === null) {
    if (listed.length > 0) return listed;
    throw new InvalidInputError(
      CREDENTIAL_FIELDS.business,
      `The business account ${businessId} has no phone number.`,
      { hint: 'Add a number in WhatsApp Manager, or check the id.' },
    );
  }
  if (listed.some(({ id }) => id === number.id)) return [number];
  throw new InvalidInputError(
    CREDENTIAL_FIELDS.business,
    `The phone number ${number.displayPhoneNumber ?? number.id} does not belong to the business account ${businessId}.`,
    {
      hint: `Take both ids from the same page: WhatsApp, API Setup in the app's dashboard.`,
    },
  );
}

function requireFilled(access: CloudAccess, numberId: string | null, businessId: string | null) {
  if (access.accessToken === '') {
    throw new InvalidInputError(CREDENTIAL_FIELDS.token, 'The credential has no access token.', {
      hint: 'Paste the token of a system user into the credential.',
    });
  }
  if (numberId !== null || businessId !== null) return;
  throw new InvalidInputError(
    CREDENTIAL_FIELDS.number,
    'The credential names neither a phone number nor a business account.',
    {
      hint: "Copy Phone Number ID and Business Account ID from WhatsApp, API Setup in the app's dashboard.",
    },
  );
}

/** Asks Meta for one thing after the other, so that a refusal tells which of them is wrong. */
class Questions {
  readonly #client: CloudClient;
  readonly #access: CloudAccess;

  constructor(client: CloudClient, access: CloudAccess) {
    this.#client = client;
    this.#access = access;
  }

  async number(id: string): Promise<PhoneNumber> {
    return this.#ask(CREDENTIAL_FIELDS.number, `The phone number id ${id}`, (access) =>
      getPhoneNumber(this.#client, access, id),
    );
  }

  async business(id: string): Promise<PhoneNumber[]> {
    return this.#ask(
      CREDENTIAL_FIELDS.business,
      `The business account id ${id}`,
      async (access) => {
        const numbers: PhoneNumber[] = [];
        let cursor: string | null = null;
        for (let calls = 0; calls < MAX_LIST_CALLS; calls += 1) {
          const page = await listPhoneNumbers(this.#client, access, id, {
            limit: PAGE_SIZE,
            cursor,
          });
          numbers.push(...page.items);
          cursor = page.nextCursor;
          if (cursor === null) break;
        }
        return numbers;
      },
    );
  }

  async #ask<T>(
    field: string,
    what: string,
    call: (access: CloudAccess) => Promise<T>,
  ): Promise<T> {
    try {
      return await call(this.#access);
    } catch (error) {
      throw await this.#explain(error, field, what, call);
    }
  }

  async #explain<T>(
    error: unknown,
    field: string,
    what: string,
    call: (access: CloudAccess) => Promise<T>,
  ): Promise<unknown> {
    if (error instanceof TokenExpiredError) {
      return new InvalidInputError(CREDENTIAL_FIELDS.token, error.message, {
        hint: error.hint ?? 'Make a new token.',
        cause: error,
      });
    }
    if (!(error instanceof ProviderError)) return error;
    if (await this.#isSecretWrong(error, call)) return wrongAppSecret(error);
    const { retryClass } = error;
    if (retryClass === 'permission') {
      return new InvalidInputError(CREDENTIAL_FIELDS.token, error.message, {
        hint: error.hint ?? 'Give the token access to this account.',
        cause: error,
      });
    }
    if (retryClass !== 'invalid' && retryClass !== 'configuration') return error;
    // Versions and addresses that do not exist have a sentence of their own.
    if (error.providerCode !== 100 && error.providerCode !== 33) return error;
    return new InvalidInputError(
      field,
      `${what} does not exist, or the token has no access to it.`,
      {
        hint: 'Check the id, and that the system user of the token may use this WhatsApp account.',
        cause: error,
      },
    );
  }

  /** The codes of a wrong proof are those of a wrong id too: without the proof, only the id can be at fault. */
  async #isSecretWrong<T>(
    error: ProviderError,
    call: (access: CloudAccess) => Promise<T>,
  ): Promise<boolean> {
    if (error.providerCode === 104) return true;
    if (!this.#access.appSecret || error.providerCode !== 100) return false;
    try {
      await call({ ...this.#access, appSecret: undefined });
      return true;
    } catch {
      return false;
    }
  }
}

function wrongAppSecret(cause: unknown): InvalidInputError {
  return new InvalidInputError(
    CREDENTIAL_FIELDS.appSecret,
    'The app secret is not that of the app which made the token.',
    { hint: "Copy it from this app's dashboard (App settings, Basic).", cause },
  );
}
