import type { SendReason } from '../model';
import type { AccountRow } from '../store/statements/accounts';
import { saveConsent } from '../store/statements/consents';
import { appendEvent } from '../store/statements/events';
import { holdMarketing } from '../store/statements/recipientLimits';
import type { TenantTx } from '../store/unit';
import { eventOf } from './item';
import type { Person } from './people';

interface Addressee {
  account: AccountRow;
  person: Person;
}

/** The provider has refused a message because the person has had enough for now: it is not asked again meanwhile. */
export async function noteHold(
  tx: TenantTx,
  { account, person }: Addressee,
  { reason, retryAfterMs }: { reason: SendReason; retryAfterMs?: number | null | undefined },
): Promise<void> {
  if (reason !== 'frequency_cap' || !retryAfterMs) return;
  const pair = { accountId: account.id, contactId: person.contact.id };
  await holdMarketing(tx, pair, tx.now + retryAfterMs);
}

/** The provider has refused a message because the person wants none of its kind: on record from now on, and told. */
export async function noteOptOut(
  tx: TenantTx,
  { account, person }: Addressee,
  { reason, detail }: { reason: SendReason; detail: string },
): Promise<void> {
  if (reason !== 'opted_out') return;
  const said = { purpose: 'marketing', source: 'provider' } as const;
  const isNews = await saveConsent(tx, {
    ...said,
    contactId: person.contact.id,
    state: 'out',
    note: detail,
    accountId: account.id,
    givenAt: tx.now,
  });
  if (!isNews) return;
  await appendEvent(
    tx,
    eventOf('contact.optedOut', tx.now, {
      account,
      person,
      data: { ...said, detail },
      raw: null,
      occurredAt: tx.now,
    }),
  );
}
