import { InvalidInputError, type Account } from '../model';
import { formsOf, readRecipient } from '../providers/whatsapp-cloud/phone';
import type { Provider, Recipient } from '../providers/provider';
import type { TenantSettings } from '../tenants';
import type { Refusal } from './policyFacts';
import type { Partner } from './people';

/**
 * Whether safe mode lets a message through to a person: who is listed by a number, in any form in which people write it,
 * or by the channel's own id.
 */
export function isListed(
  { recipients }: TenantSettings['safeMode'],
  person: { externalId: string; contact: Pick<Partner['contact'], 'phone'> },
  account: Account,
  provider: Provider,
): boolean {
  const theirs = new Set([person.externalId.toLowerCase(), ...phoneForms(person.contact.phone)]);
  return recipients.some((written) =>
    formsWritten(written, account, provider).some((form) => theirs.has(form.toLowerCase())),
  );
}

/** Everything that a listed text may mean at this account. */
function formsWritten(written: string, account: Account, provider: Provider): string[] {
  const text = written.trim();
  return [
    text,
    ...formsOrNone(() => readRecipient(text, account.health?.phoneNumber)),
    ...formsOrNone(() => provider.readRecipient?.(text, account)),
  ];
}

function formsOrNone(read: () => Recipient | undefined): string[] {
  try {
    const recipient = read();
    return recipient
      ? [recipient.externalId, ...recipient.forms, ...phoneForms(recipient.phone)]
      : [];
  } catch (error) {
    // What is no recipient of this account is one of another channel's.
    if (error instanceof InvalidInputError) return [];
    throw error;
  }
}

/** With and without Brazil's ninth digit, and the plus sign; empty for what has no country code. */
function phoneForms(phone: string | null): string[] {
  const digits = phone?.trim().startsWith('+') ? phone.replace(/\D/g, '') : '';
  if (digits === '') return [];
  return formsOf(digits).flatMap((form) => [form, `+${form}`]);
}

/** @param who the recipient, as people would name them in the settings */
export function keptBySafeMode(who: string): Refusal {
  const detail = `Safe mode is on, and ${who} is not among its recipients. Nothing was sent. Add the recipient to the safe mode of the tenant's settings, or switch it off.`;
  return { reason: 'safe_mode', detail };
}
