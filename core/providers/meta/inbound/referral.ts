import type { Referral } from '../../../model';
import { asId, asObject, asText, asWords } from '../../graph/json';
import { present } from './present';

/** Ad, m.me or ig.me link, shop product, plugin: where a conversation came from. */
export function readReferral(value: unknown): Referral | null {
  const referral = asObject(value);
  if (referral === null) return null;
  const ad = asObject(referral.ads_context_data);
  const productId =
    asId(asObject(referral.product)?.id) ?? asId(referral.product_id) ?? asId(ad?.product_id);
  const adId = asId(referral.ad_id);
  return {
    type: typeOf(asText(referral.source), adId, productId),
    ...present({
      id: adId ?? productId,
      ref: asWords(referral.ref),
      headline: asText(ad?.ad_title),
      url: asText(referral.referer_uri) ?? asText(ad?.photo_url) ?? asText(ad?.video_url),
    }),
  };
}

/** `SHORTLINK` and `SHORTLINKS` are both seen for the same thing. */
function typeOf(source: string | null, adId: string | null, productId: string | null): string {
  const name = source?.toLowerCase();
  if (name === 'ads' || name === 'ad') return 'ad';
  if (name === 'shortlink' || name === 'shortlinks') return 'link';
  if (name !== undefined) return name;
  if (adId !== null) return 'ad';
  return productId === null ? 'unknown' : 'product';
}
