import { newNumericId } from '../ids.ts';
import * as payloads from '../webhooks/payloads.ts';
import { graphTime } from '../graph/conversations.ts';
import { defaultPost } from '../world/posts.ts';
import { optionalBoolean, optionalObject, optionalText, text } from './read.ts';
import type { Context } from '../context.ts';
import type { Comment, Persona, Post } from '../model.ts';
import type { WebhookEvent } from '../webhooks/event.ts';
import type { Injected } from './injectMessage.ts';

/** A comment (or a visitor's post on the Page). Section B.4 allows one private reply to it. */
export function injectComment(
  context: Context,
  persona: Persona,
  body: Record<string, unknown>,
): Injected {
  const { store } = context;
  const now = store.now();
  const isPost = optionalBoolean(body, 'visitorPost') === true;
  const post = isPost ? undefined : commentedPost(context, persona, body);
  const isLive = optionalBoolean(body, 'live') ?? post?.kind === 'LIVE';
  const kind: Comment['kind'] = isPost ? 'post' : isLive ? 'live' : 'comment';
  const id = optionalText(body, 'commentId') ?? newCommentId(persona, body, isPost);
  store.state.comments[id] ??= {
    id,
    channel: persona.channel,
    accountId: persona.accountId,
    personaId: persona.id,
    kind,
    ...(post === undefined ? {} : { postId: post.id }),
    text: text(body, 'text'),
    createdAt: now,
  };
  persona.known = true;
  context.phones.commentChanged(persona.id);
  const event =
    persona.channel === 'messenger'
      ? feedEvent(persona, body, id, now, isPost)
      : instagramComment(context, persona, { ...body, post }, id, kind);
  return { event, mid: id };
}

/** The post that is named, or the account's first (its broadcast for a live comment). */
function commentedPost(
  context: Context,
  persona: Persona,
  body: Record<string, unknown>,
): Post | undefined {
  const { state } = context.store;
  const named = optionalText(body, persona.channel === 'messenger' ? 'postId' : 'mediaId');
  if (named !== undefined) return state.posts[named];
  return defaultPost(state, persona, optionalBoolean(body, 'live') === true);
}

function newCommentId(persona: Persona, body: Record<string, unknown>, isPost: boolean): string {
  if (persona.channel === 'instagram') return newNumericId('179', 17);
  const post = optionalText(body, 'postId') ?? `${persona.accountId}_77`;
  return isPost
    ? `${persona.accountId}_${newNumericId('12', 9)}`
    : `${post}_${newNumericId('88', 9)}`;
}

/** Sample: page_feed_comment_add. */
function feedEvent(
  persona: Persona,
  body: Record<string, unknown>,
  id: string,
  now: number,
  isPost: boolean,
): WebhookEvent {
  const postId = isPost ? id : (optionalText(body, 'postId') ?? `${persona.accountId}_77`);
  const seconds = Math.floor(now / 1000);
  const name = `${persona.firstName} ${persona.lastName}`;
  return payloads.change('page', persona.accountId, 'feed', {
    item: isPost ? 'post' : 'comment',
    verb: optionalText(body, 'verb') ?? 'add',
    from: { id: persona.id, name },
    post_id: postId,
    ...(isPost ? {} : { comment_id: id, parent_id: optionalText(body, 'parentId') ?? postId }),
    message: text(body, 'text'),
    created_time: seconds,
    ...(isPost
      ? {}
      : {
          post: {
            id: postId,
            status_type: 'added_photos',
            is_published: true,
            permalink_url: `https://www.facebook.com/permalink/${postId.split('_')[1] ?? postId}`,
            promotion_status: 'inactive',
            updated_time: graphTime(now),
          },
        }),
  });
}

/** Samples: ig_comment_changes, ig_comment_flat, ig_comment_on_ad, ig_live_comment. */
function instagramComment(
  context: Context,
  persona: Persona,
  body: Record<string, unknown> & { post?: Post | undefined },
  id: string,
  kind: Comment['kind'],
): WebhookEvent {
  const { post } = body;
  const ad = optionalObject(body, 'ad') ?? adOf(post);
  const mediaId = optionalText(body, 'mediaId') ?? post?.id ?? '18000000000000004';
  const productType = kind === 'live' ? 'LIVE' : ad === undefined ? (post?.kind ?? 'FEED') : 'AD';
  const parentId = optionalText(body, 'parentId');
  const value = {
    id,
    from: { id: persona.id, username: persona.username },
    text: text(body, 'text'),
    media: { id: mediaId, media_product_type: productType, ...ad },
    ...(parentId === undefined ? {} : { parent_id: parentId }),
  };
  const field = kind === 'live' ? 'live_comments' : 'comments';
  const flat = optionalBoolean(body, 'flat') ?? context.store.state.settings.flatComments;
  return payloads.change('instagram', persona.accountId, field, value, flat);
}

/** Sample: ig_comment_on_ad. */
function adOf(post: Post | undefined): Record<string, unknown> | undefined {
  if (post?.ad === undefined) return undefined;
  const { id, title, originalPostId } = post.ad;
  return {
    ad_id: id,
    ad_title: title,
    ...(originalPostId === undefined ? {} : { original_media_id: originalPostId }),
  };
}
