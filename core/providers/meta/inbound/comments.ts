import type { InboundContact, InboundEvent, Referral } from '../../../model';
import { asId, asObject, asText, asWords } from '../../graph/json';
import type { JsonObject } from '../../graph/json';
import { parseActivity } from './activity';
import { inboundEvent, toEpochMs, unrecognised } from './scope';
import type { Scope } from './scope';

/*
 * Comments and mentions of others are events of their own, once each however often Meta reports them: a boosted post
 * reports its comments twice, for the post and for the ad. What the account itself writes, and what becomes of a
 * comment later (edited, hidden, shown again, removed), is activity, so that nothing answers it as if somebody had asked.
 */

/** Comments on the Page's posts; everything else of the feed is activity. */
export function parseFeed(scope: Scope, raw: JsonObject, change: JsonObject): InboundEvent {
  const author = pageAuthor(change);
  const commentId = asId(change.comment_id);
  const isComment = asText(change.item) === 'comment' && commentId !== null;
  if (!isComment || !isNewByOther(scope, change, author)) {
    return parseActivity(scope, raw, 'feed', author);
  }
  return inboundEvent(scope, raw, timeOf(scope, change), [commentId, 'add'], {
    kind: 'comment',
    contact: author,
    providerId: commentId,
    text: asWords(change.message),
    postId: asId(change.post_id),
    parentId: asId(change.parent_id),
    verb: 'add',
    referral: null,
  });
}

export function parsePageMention(scope: Scope, raw: JsonObject, change: JsonObject): InboundEvent {
  const author = pageAuthor(change);
  const postId = asId(change.post_id);
  const providerId = asId(change.comment_id) ?? postId;
  if (providerId === null) return unrecognised(scope, raw, 'mention of nothing');
  if (!isNewByOther(scope, change, author)) return parseActivity(scope, raw, 'mention', author);
  return inboundEvent(scope, raw, timeOf(scope, change), [providerId, 'add'], {
    kind: 'mention',
    contact: author,
    providerId,
    text: asWords(change.message),
    postId,
    parentId: asId(change.parent_id),
    verb: 'add',
    referral: null,
  });
}

function isNewByOther(scope: Scope, change: JsonObject, author: InboundContact | null): boolean {
  return (asText(change.verb) ?? 'add') === 'add' && author?.externalId !== scope.accountId;
}

/** `comments` and `live_comments`: Instagram tells of new ones alone. */
export function parseInstagramComment(
  scope: Scope,
  raw: JsonObject,
  field: string,
  change: JsonObject,
): InboundEvent {
  const id = asId(change.id) ?? asId(change.comment_id);
  if (id === null) return unrecognised(scope, raw, `${field} without an id`);
  const author = instagramAuthor(change);
  if (author?.externalId === scope.accountId || isSelf(change)) {
    return parseActivity(scope, raw, field, { ...author, externalId: scope.accountId });
  }
  const media = asObject(change.media);
  return inboundEvent(scope, raw, timeOf(scope, change), [id, 'add'], {
    kind: 'comment',
    contact: author,
    providerId: id,
    text: asWords(change.text) ?? asWords(change.message),
    postId: asId(media?.id) ?? asId(change.media_id),
    parentId: asId(change.parent_id),
    verb: 'add',
    referral: adReferral(media),
  });
}

/** The owner's own comment carries this id in `from`, whatever its `id` is scoped to. */
function isSelf(change: JsonObject): boolean {
  return asId(asObject(change.from)?.self_ig_scoped_id) !== null;
}

function adReferral(media: JsonObject | null): Referral | null {
  const adId = asId(media?.ad_id);
  if (adId === null) return null;
  const headline = asText(media?.ad_title);
  return { type: 'ad', id: adId, ...(headline ? { headline } : {}) };
}

/** A mention in a comment names the comment, one in a caption the post alone. Who it was must be read later. */
export function parseInstagramMention(
  scope: Scope,
  raw: JsonObject,
  change: JsonObject,
): InboundEvent {
  const postId = asId(change.media_id);
  const providerId = asId(change.comment_id) ?? postId;
  if (providerId === null) return unrecognised(scope, raw, 'mentions of nothing');
  return inboundEvent(scope, raw, timeOf(scope, change), [providerId, 'add'], {
    kind: 'mention',
    contact: instagramAuthor(change),
    providerId,
    text: asWords(change.text),
    postId,
    parentId: null,
    verb: 'add',
    referral: null,
  });
}

function instagramAuthor(change: JsonObject): InboundContact | null {
  const from = asObject(change.from);
  const externalId = asId(from?.id);
  if (externalId === null) return null;
  const username = asText(from?.username);
  return { externalId, ...(username === null ? {} : { username }) };
}

/** `from` may be missing without the permission; older payloads say `sender_id` and `sender_name`. */
function pageAuthor(change: JsonObject): InboundContact | null {
  const from = asObject(change.from);
  const externalId = asId(from?.id) ?? asId(change.sender_id);
  if (externalId === null) return null;
  const name = asText(from?.name) ?? asText(change.sender_name);
  return { externalId, ...(name === null ? {} : { name }) };
}

function timeOf(scope: Scope, change: JsonObject): number {
  return toEpochMs(change.created_time) ?? toEpochMs(change.timestamp) ?? scope.entryTime;
}
