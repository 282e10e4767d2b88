import type { InboundEvent } from '../../../model';
import { asId, asObject, asText } from '../../graph/json';
import type { JsonObject } from '../../graph/json';
import { fingerprint, inboundEvent, toEpochMs, unrecognised } from './scope';
import type { Scope } from './scope';

interface TemplateChange {
  scope: Scope;
  raw: JsonObject;
  value: JsonObject;
  name: string;
  language: string;
  key: string;
}

type Parser = (change: TemplateChange) => InboundEvent | null;

const PARSERS = new Map<string, Parser>(
  Object.entries({
    message_template_status_update: parseStatus,
    template_category_update: parseCategory,
    message_template_quality_update: parseQuality,
    message_template_components_update: parseComponents,
  }),
);

/** News of a message template. Undefined for a field that is not about templates. */
export function parseTemplateChange(
  scope: Scope,
  field: string,
  raw: JsonObject,
): InboundEvent | undefined {
  const parser = PARSERS.get(field);
  if (!parser) return undefined;
  const value = asObject(raw.value) ?? {};
  const name = asText(value.message_template_name);
  if (name === null) return unrecognised(scope, raw, field);
  const language = asText(value.message_template_language) ?? '';
  const key = `${asId(value.message_template_id) ?? fingerprint(name)}:${language}`;
  return parser({ scope, raw, value, name, language, key }) ?? unrecognised(scope, raw, field);
}

function parseStatus({ scope, raw, value, name, language, key }: TemplateChange) {
  const status = asText(value.event);
  if (status === null) return null;
  const reason = asText(value.reason);
  const rejection = asText(asObject(value.rejection_info)?.reason);
  const pause = asText(asObject(value.other_info)?.description);
  return inboundEvent(scope, raw, scope.entryTime, [key, status, scope.keyTime], {
    kind: 'templateStatus',
    templateName: name,
    language,
    status,
    reason: rejection ?? pause ?? (reason === 'NONE' ? null : reason),
    category: asText(value.message_template_category),
  });
}

/** Comes twice: a day before, with the category to come, and when it has changed. */
function parseCategory({ scope, raw, value, name, language, key }: TemplateChange) {
  const coming = asText(value.correct_category);
  const category = coming ?? asText(value.new_category);
  if (category === null) return null;
  const previous = asText(value.previous_category);
  return inboundEvent(
    scope,
    raw,
    scope.entryTime,
    [key, category, previous ?? 'notice', scope.keyTime],
    {
      kind: 'templateCategory',
      templateName: name,
      language,
      previousCategory: previous ?? asText(coming === null ? null : value.new_category),
      category,
      effectiveAt: coming === null ? null : toEpochMs(value.category_update_timestamp),
    },
  );
}

function parseQuality({ scope, raw, value, name, language, key }: TemplateChange) {
  const current = asText(value.new_quality_score);
  if (current === null) return null;
  return inboundEvent(scope, raw, scope.entryTime, ['template', key, current, scope.keyTime], {
    kind: 'quality',
    what: 'template',
    previous: asText(value.previous_quality_score),
    current,
    detail: `Quality of the template "${name}" (${language})`,
    health: {
      templates: [
        {
          name,
          language,
          status: null,
          quality: current,
          at: new Date(scope.entryTime).toISOString(),
        },
      ],
    },
  });
}

/** Somebody changed its text, in WhatsApp Manager or elsewhere. */
function parseComponents({ scope, raw, name, language, key }: TemplateChange) {
  return inboundEvent(scope, raw, scope.entryTime, [key, 'EDITED', scope.keyTime], {
    kind: 'templateStatus',
    templateName: name,
    language,
    status: 'EDITED',
    reason: null,
  });
}
