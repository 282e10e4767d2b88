const MAX_CLAIMS = 20;
const ACCOUNT_ID = /^\d{1,32}$/;

/**
 * Which accounts an unsigned body says it is about, so that the refusal shows on their cards. The body is anyone's: only
 * plain numbers are taken, few of them, and none of the rest is kept.
 * @param claimsOf the ids that one entry names
 */
export function claimedAccounts(
  rawBody: Buffer,
  claimsOf: (entry: Record<string, unknown>) => unknown[],
): string[] {
  const ids = entriesOf(rawBody).flatMap((entry) => {
    if (!isRecord(entry)) return [];
    return claimsOf(entry).flatMap((id) => {
      const text = typeof id === 'number' ? String(id) : id;
      return typeof text === 'string' && ACCOUNT_ID.test(text) ? [text] : [];
    });
  });
  return [...new Set(ids)].slice(0, MAX_CLAIMS);
}

function entriesOf(rawBody: Buffer): unknown[] {
  try {
    const body: unknown = JSON.parse(rawBody.toString('utf8'));
    return isRecord(body) && Array.isArray(body.entry) ? body.entry : [];
  } catch {
    return [];
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
