import type { InboundContact, InboundEvent, Referral } from '../../../model';
import { asId, asObject, asText } from '../json';
import type { JsonObject } from '../json';
import { parseMessagingItem } from './messaging';
import { fingerprint, inboundEvent, toEpochMs, unrecognised } from './scope';
import type { Scope } from './scope';

/** Fields whose value is an item of `messaging`: the dashboard's "Test" button sends them as changes. */
const MESSAGING_FIELDS = /^(messages|messaging_|message_|standby$)/;

/**
 * One change `{field, value}`. Null for what is left out on purpose: the account's own comments, which Meta
 * reports to the account as well.
 */
export function parseChange(scope: Scope, value: unknown): InboundEvent | null {
  const raw = asObject(value);
  const field = asText(raw?.field);
  if (raw === null || field === null) return unrecognised(scope, value, 'change without a field');
  const change = asObject(raw.value);
  if (change === null) return unrecognised(scope, raw, field.slice(0, 100));
  switch (field) {
    case 'feed':
      return parseFeed(scope, raw, change);
    case 'mention':
      return parsePageMention(scope, raw, change);
    case 'comments':
    case 'live_comments':
      return parseInstagramComment(scope, raw, change);
    case 'mentions':
      return parseInstagramMention(scope, raw, change);
    case 'message_template_status_update':
      return parseTemplateStatus(scope, raw, change);
    default:
      return isMessagingSample(field, change)
        ? parseMessagingItem(scope, change)
        : unrecognised(scope, raw, field.slice(0, 100));
  }
}

function isMessagingSample(field: string, change: JsonObject): boolean {
  return (
    MESSAGING_FIELDS.test(field) && (change.sender !== undefined || change.recipient !== undefined)
  );
}

/** Comments on the Page's posts; of posts, likes and shares there is no neutral event. */
function parseFeed(scope: Scope, raw: JsonObject, change: JsonObject): InboundEvent | null {
  const item = asText(change.item) ?? 'item';
  const verb = asText(change.verb) ?? 'add';
  const commentId = asId(change.comment_id);
  if (item !== 'comment' || commentId === null) {
    return unrecognised(scope, raw, `feed ${item} ${verb}`.slice(0, 100));
  }
  const contact = pageAuthor(change);
  if (contact?.externalId === scope.accountId) return null;
  return inboundEvent(scope, raw, timeOf(scope, change), verbKey(scope, commentId, verb), {
    kind: 'comment',
    contact,
    providerId: commentId,
    text: asText(change.message),
    postId: asId(change.post_id),
    parentId: asId(change.parent_id),
    verb,
    referral: null,
  });
}

function parsePageMention(scope: Scope, raw: JsonObject, change: JsonObject): InboundEvent | null {
  const verb = asText(change.verb) ?? 'add';
  const postId = asId(change.post_id);
  const providerId = asId(change.comment_id) ?? postId;
  if (providerId === null) return unrecognised(scope, raw, 'mention');
  const contact = pageAuthor(change);
  if (contact?.externalId === scope.accountId) return null;
  return inboundEvent(scope, raw, timeOf(scope, change), verbKey(scope, providerId, verb), {
    kind: 'mention',
    contact,
    providerId,
    text: asText(change.message),
    postId,
    parentId: null,
    verb,
    referral: null,
  });
}

function parseInstagramComment(
  scope: Scope,
  raw: JsonObject,
  change: JsonObject,
): InboundEvent | null {
  const id = asId(change.id);
  if (id === null) return unrecognised(scope, raw, 'comment');
  const from = asObject(change.from);
  const fromId = asId(from?.id);
  if (fromId === scope.accountId) return null;
  const username = asText(from?.username);
  const media = asObject(change.media);
  return inboundEvent(scope, raw, timeOf(scope, change), [id, 'add'], {
    kind: 'comment',
    contact: fromId === null ? null : { externalId: fromId, ...(username ? { username } : {}) },
    providerId: id,
    text: asText(change.text),
    postId: asId(media?.id),
    parentId: asId(change.parent_id),
    verb: 'add',
    referral: adReferral(media),
  });
}

function adReferral(media: JsonObject | null): Referral | null {
  const adId = asId(media?.ad_id);
  if (adId === null) return null;
  const headline = asText(media?.ad_title);
  return { type: 'ad', id: adId, ...(headline ? { headline } : {}) };
}

/** A mention in a comment names the comment, one in a caption the post alone. Who it was must be read later. */
function parseInstagramMention(scope: Scope, raw: JsonObject, change: JsonObject): InboundEvent {
  const postId = asId(change.media_id);
  const providerId = asId(change.comment_id) ?? postId;
  if (providerId === null) return unrecognised(scope, raw, 'mentions');
  return inboundEvent(scope, raw, timeOf(scope, change), [providerId, 'add'], {
    kind: 'mention',
    contact: null,
    providerId,
    text: null,
    postId,
    parentId: null,
    verb: 'add',
    referral: null,
  });
}

function parseTemplateStatus(scope: Scope, raw: JsonObject, change: JsonObject): InboundEvent {
  const status = asText(change.event);
  const templateName = asText(change.message_template_name);
  if (status === null || templateName === null) {
    return unrecognised(scope, raw, 'message_template_status_update');
  }
  const language = asText(change.message_template_language) ?? '';
  const reason = asText(change.reason);
  const template = asId(change.message_template_id) ?? fingerprint(templateName);
  return inboundEvent(scope, raw, scope.entryTime, [template, language, status, scope.entryTime], {
    kind: 'templateStatus',
    templateName,
    language,
    status,
    reason: reason === 'NONE' ? null : reason,
  });
}

/** `from` may be missing without the permission; older payloads say `sender_id` and `sender_name`. */
function pageAuthor(change: JsonObject): InboundContact | null {
  const from = asObject(change.from);
  const externalId = asId(from?.id) ?? asId(change.sender_id);
  if (externalId === null) return null;
  const name = asText(from?.name) ?? asText(change.sender_name);
  return { externalId, ...(name === null ? {} : { name }) };
}

/**
 * A comment is added once, however often Meta says so (boosted posts are reported twice); it can be edited,
 * hidden and shown again, so those count once per report.
 */
function verbKey(scope: Scope, id: string, verb: string): string[] {
  return verb === 'add' ? [id, verb] : [id, fingerprint(verb), String(scope.entryTime)];
}

function timeOf(scope: Scope, change: JsonObject): number {
  return toEpochMs(change.created_time) ?? scope.entryTime;
}
