import type { Channel, Persona, Post, WorldState } from '../model.ts';

/** Posts of an account, as they were made. */
export function postsOf(state: WorldState, accountId: string): Post[] {
  return Object.values(state.posts).filter((post) => post.accountId === accountId);
}

/** The post that a comment without one goes to: the account's first, or its broadcast. */
export function defaultPost(
  state: WorldState,
  persona: Persona,
  isLive: boolean,
): Post | undefined {
  return postsOf(state, persona.accountId).find((post) => (post.kind === 'LIVE') === isLive);
}

/** A click on an advertisement as the first message names it. Samples: page_ad_referral_message, ig_ad_referral. */
export function adReferral(post: Post, pictureUrl: string, ref: string): Record<string, unknown> {
  const context: Record<string, unknown> = { ad_title: post.ad?.title, photo_url: pictureUrl };
  return {
    ref,
    ad_id: post.ad?.id,
    source: 'ADS',
    type: 'OPEN_THREAD',
    ads_context_data:
      post.channel === 'messenger' ? { ...context, post_id: post.id } : { ...context },
  };
}

/** An m.me or ig.me link; Instagram is seen to write SHORTLINKS. Samples: page_referral, ig_referral. */
export function linkReferral(channel: Channel, ref: string): Record<string, unknown> {
  return {
    ref,
    source: channel === 'messenger' ? 'SHORTLINK' : 'SHORTLINKS',
    type: 'OPEN_THREAD',
  };
}

/** A question about a product of the shop. Sample: ig_shop_referral. */
export function productReferral(productId: string): Record<string, unknown> {
  return { product: { id: productId } };
}
