import type { InboundEvent } from '../../../model';
import { asId, asObject, asText } from '../../graph/json';
import type { JsonObject } from '../../graph/json';
import { parseActivity } from './activity';
import {
  parseFeed,
  parseInstagramComment,
  parseInstagramMention,
  parsePageMention,
} from './comments';
import { isActivityField, isMessagingField } from './fields';
import { parseMessagingItem } from './messaging';
import { fingerprint, inboundEvent, unrecognised } from './scope';
import type { Scope } from './scope';

/** One change `{field, value}`. Never throws; a field of no known name becomes `unrecognised`. */
export function parseChange(scope: Scope, value: unknown): InboundEvent {
  const raw = asObject(value);
  const field = asText(raw?.field)?.slice(0, 100) ?? null;
  if (raw === null || field === null) return unrecognised(scope, value, 'change without a field');
  const change = asObject(raw.value);
  if (change === null) {
    return isActivityField(field)
      ? parseActivity(scope, raw, field)
      : unrecognised(scope, raw, field);
  }
  switch (field) {
    case 'feed':
      return parseFeed(scope, raw, change);
    case 'mention':
      return parsePageMention(scope, raw, change);
    case 'comments':
    case 'live_comments':
      return parseInstagramComment(scope, raw, field, change);
    case 'mentions':
      return parseInstagramMention(scope, raw, change);
    case 'message_template_status_update':
      return parseTemplateStatus(scope, raw, change);
    default:
      return parseOther(scope, raw, field, change);
  }
}

function parseOther(
  scope: Scope,
  raw: JsonObject,
  field: string,
  change: JsonObject,
): InboundEvent {
  const isMessagingItem = change.sender !== undefined || change.recipient !== undefined;
  if (isMessagingField(field) && isMessagingItem) {
    return parseMessagingItem({ ...scope, standby: field === 'standby' }, change);
  }
  return isActivityField(field)
    ? parseActivity(scope, raw, field)
    : unrecognised(scope, raw, field);
}

function parseTemplateStatus(scope: Scope, raw: JsonObject, change: JsonObject): InboundEvent {
  const status = asText(change.event);
  const templateName = asText(change.message_template_name);
  if (status === null || templateName === null) {
    return unrecognised(scope, raw, 'message_template_status_update without name or event');
  }
  const language = asText(change.message_template_language) ?? '';
  const reason = asText(change.reason);
  const template = asId(change.message_template_id) ?? fingerprint(templateName);
  return inboundEvent(scope, raw, scope.entryTime, [template, language, status, scope.keyTime], {
    kind: 'templateStatus',
    templateName,
    language,
    status,
    reason: reason === 'NONE' ? null : reason,
  });
}
