import type { AccountHealth, TemplateNotice } from '../../model';
import type { TenantTx } from '../unit';
import type { AccountRow } from './accounts';

/** The accounts that hang under one asset of a provider (the numbers of a WhatsApp business account), the oldest first. */
export async function listAccountsUnder(
  tx: TenantTx,
  {
    provider,
    channel,
    parentExternalId,
  }: { provider: string; channel: string; parentExternalId: string },
): Promise<AccountRow[]> {
  return tx.db
    .selectFrom('accounts')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('provider', '=', provider)
    .where('parent_external_id', '=', parentExternalId)
    .where('channel', '=', channel)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
}

export function healthOfRow(row: Pick<AccountRow, 'health'>): AccountHealth {
  return row.health === null ? {} : (JSON.parse(row.health) as AccountHealth);
}

/**
 * Writes what was told anew over what was known; notices of other templates stay.
 * @returns everything that is known now
 */
export async function mergeAccountHealth(
  tx: TenantTx,
  accountId: string,
  told: AccountHealth,
): Promise<AccountHealth> {
  let query = tx.db
    .selectFrom('accounts')
    .select('health')
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', accountId);
  if (tx.dialect === 'postgres') query = query.forUpdate();
  const row = await query.executeTakeFirst();
  if (!row) return {};
  const health = mergedHealth(healthOfRow(row), told);
  await tx.db
    .updateTable('accounts')
    .set({ health: JSON.stringify(health), updated_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', accountId)
    .execute();
  return health;
}

export function mergedHealth(known: AccountHealth, told: AccountHealth): AccountHealth {
  const { templates: news = [], ...facts } = told;
  const { templates: before = [], ...rest } = known;
  const templates = news.reduce(withNotice, before);
  return { ...rest, ...facts, ...(templates.length === 0 ? {} : { templates }) };
}

/** States of a template that nobody has to act on. */
const GOOD = new Set([
  'APPROVED',
  'REINSTATED',
  'UNLOCKED',
  'DELETED',
  'ARCHIVED',
  'EDITED',
  'PENDING',
]);
/** A business account has 250 templates; so many notices nobody reads. */
const MAX_NOTICES = 50;

/** The newest word on a template takes the place of the former; a good one takes it away. */
function withNotice(notices: TemplateNotice[], notice: TemplateNotice): TemplateNotice[] {
  const { name, language } = notice;
  const same = notices.find((one) => one.name === name && one.language === language);
  const others = notices.filter((one) => one !== same);
  if (notice.status !== null && GOOD.has(notice.status)) return others;
  if (notice.status === null && notice.quality === 'GREEN' && same?.status == null) return others;
  const merged = { ...same, ...notice, status: notice.status ?? same?.status ?? null };
  return [...others, merged].slice(-MAX_NOTICES);
}
