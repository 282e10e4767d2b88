import type { Pace } from '../../limits';
import type { Account, OutboundContent } from '../../model';

/** Recordings and videos of an Instagram account a second. Source: Meta's page on rate limits, Instagram messaging. */
const INSTAGRAM_MEDIA_PER_SECOND = 10;

/** What Meta lets through more slowly than the rest. */
export function metaPace(
  { channel }: Pick<Account, 'channel'>,
  { type }: Pick<OutboundContent, 'type'>,
): Pace | undefined {
  const isSlow = channel === 'instagram' && (type === 'audio' || type === 'video');
  return isSlow ? { perSecond: INSTAGRAM_MEDIA_PER_SECOND } : undefined;
}
