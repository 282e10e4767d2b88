/** Webhook bodies in the vendor's form, put together from the one part a test is about. */
export const PAGE = '100200300400500';
export const ACCOUNT = '17841400000000001';
export const PERSON = '7001002003004005';
export const AT = 1_795_000_000_123;

type Side = 'messaging' | 'standby';

export const pageItem = (part: object, side: Side = 'messaging') => ({
  object: 'page',
  entry: [{ id: PAGE, time: AT + 377, [side]: [between(PAGE, part)] }],
});

export const instagramItem = (part: object, side: Side = 'messaging') => ({
  object: 'instagram',
  entry: [{ id: ACCOUNT, time: AT + 377, [side]: [between(ACCOUNT, part)] }],
});

/** One item of `messaging[]`. */
export function between(accountId: string, part: object) {
  return { sender: { id: PERSON }, recipient: { id: accountId }, timestamp: AT, ...part };
}

/** `time` of changes is in seconds. */
export const change = (object: 'page' | 'instagram', field: string, value: unknown) => ({
  object,
  entry: [
    { id: object === 'page' ? PAGE : ACCOUNT, time: 1_795_000_000, changes: [{ field, value }] },
  ],
});
