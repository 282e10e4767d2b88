import { newNumericId } from '../ids.ts';
import { checkFields, parseFields } from '../graph/fields.ts';
import { paginate } from '../graph/paging.ts';
import { badParameter, unknownObject } from '../graph/errors.ts';
import { oneOf, onlyKeys, optionalText, requiredText } from '../graph/validation.ts';
import { holds, requireScope } from './access.ts';
import { refused } from './errors.ts';
import { checkComponents } from './templateRules.ts';
import { ofBusiness, templateFields, templateStatus } from './payloads.ts';
import type { Context } from '../context.ts';
import type { GraphCall } from '../graph/call.ts';
import type { TemplateCategory, WhatsAppBusiness, WhatsAppTemplate } from './model.ts';

type Answer = Record<string, unknown>;

const DAY_MS = 86_400_000;
const MOST_TEMPLATES = 250;
const CATEGORIES: readonly TemplateCategory[] = ['UTILITY', 'MARKETING', 'AUTHENTICATION'];
const FIELDS = [
  'id',
  'name',
  'status',
  'category',
  'language',
  'components',
  'quality_score',
  'rejected_reason',
  'parameter_format',
];

/** `GET|POST|DELETE /{business}/message_templates`. Source: section D.6. */
export function messageTemplates(call: GraphCall, business: WhatsAppBusiness): Answer {
  requireScope(call, 'whatsapp_business_management');
  switch (call.method) {
    case 'GET':
      return listTemplates(call, business);
    case 'POST':
      return createTemplate(call, business);
    default:
      return deleteTemplates(call, business);
  }
}

function templatesOf(call: GraphCall, businessId: string): WhatsAppTemplate[] {
  return Object.values(call.context.store.state.whatsApp.templates).filter(
    (template) => template.businessId === businessId,
  );
}

function listTemplates(call: GraphCall, business: WhatsAppBusiness): Answer {
  onlyKeys(call.params, ['fields', 'name', 'status', 'language', 'category', 'limit', 'after'], '');
  const { name, status, language, category } = call.params;
  const found = templatesOf(call, business.id).filter(
    (template) =>
      // The name is searched for, the others are compared.
      (typeof name !== 'string' || template.name.includes(name)) &&
      (status === undefined || template.status === status) &&
      (language === undefined || template.language === language) &&
      (category === undefined || template.category === category),
  );
  const { data, paging } = paginate(call, found, call.params.limit, 25);
  return {
    data: data.map((template) => describe(call, template)),
    ...(paging === undefined ? {} : { paging }),
  };
}

function describe(call: GraphCall, template: WhatsAppTemplate): Answer {
  const fields = parseFields(call.params.fields);
  if (fields !== undefined) checkFields(fields, FIELDS, 'WhatsAppMessageTemplate');
  const all: Answer = {
    id: template.id,
    name: template.name,
    status: template.status,
    category: template.category,
    language: template.language,
    components: template.components,
    parameter_format: template.parameterFormat,
    quality_score: { score: template.quality },
    rejected_reason: template.rejectedReason,
  };
  if (fields === undefined) return all;
  const wanted = ['id', ...fields.map((field) => field.name)];
  return Object.fromEntries(Object.entries(all).filter(([key]) => wanted.includes(key)));
}

function createTemplate(call: GraphCall, business: WhatsAppBusiness): Answer {
  onlyKeys(
    call.params,
    [
      'name',
      'language',
      'category',
      'components',
      'parameter_format',
      'allow_category_change',
      'message_send_ttl_seconds',
    ],
    '',
  );
  const { store, agenda } = call.context;
  const { whatsApp, settings } = store.state;
  const name = requiredText(call.params, 'name', '');
  if (!/^[a-z0-9_]{1,512}$/.test(name)) {
    throw badParameter('Param name must have small letters, digits and underscores only.');
  }
  const language = requiredText(call.params, 'language', '');
  if (!/^[a-z]{2,3}(_[A-Z]{2})?$/.test(language)) {
    throw badParameter('Param language must be a language code such as pt_BR.');
  }
  const category = oneOf(call.params.category, CATEGORIES, 'category');
  const format =
    call.params.parameter_format === undefined
      ? 'POSITIONAL'
      : oneOf(call.params.parameter_format, ['POSITIONAL', 'NAMED'] as const, 'parameter_format');
  const components = checkComponents(call.params.components, format);
  const own = templatesOf(call, business.id);
  if (own.length >= MOST_TEMPLATES) {
    throw refused(2388019, `The account has ${own.length} templates.`);
  }
  if (own.some((item) => item.name === name && item.language === language)) {
    throw refused(100, `There is already a template ${name} in ${language}.`);
  }
  if ((whatsApp.blockedNames[`${business.id} ${name}`] ?? 0) > store.now()) {
    throw refused(100, `The name ${name} was deleted; it can be used again 30 days later.`);
  }
  const template: WhatsAppTemplate = {
    id: newNumericId('16', 15),
    businessId: business.id,
    name,
    language,
    category,
    parameterFormat: format,
    components,
    status: 'PENDING',
    rejectedReason: 'NONE',
    quality: 'UNKNOWN',
    changes: [],
  };
  whatsApp.templates[template.id] = template;
  agenda.add({
    kind: 'review',
    at: store.now() + settings.templateReviewMs,
    templateId: template.id,
  });
  return { id: template.id, status: template.status, category: template.category };
}

/** Meta's review: the setting `templateReview` says how it ends. */
export function reviewTemplate(context: Context, templateId: string): void {
  const { store, webhooks } = context;
  const template = store.state.whatsApp.templates[templateId];
  if (template?.status !== 'PENDING') return;
  const isApproved = store.state.settings.templateReview === 'approve';
  template.status = isApproved ? 'APPROVED' : 'REJECTED';
  template.rejectedReason = isApproved ? 'NONE' : 'INVALID_FORMAT';
  const info = {
    reason: 'The template does not follow the format.',
    recommendation: 'Check variables and examples, and submit it again.',
  };
  webhooks.enqueue(templateStatus(template, isApproved ? {} : { rejection_info: info }));
}

function deleteTemplates(call: GraphCall, business: WhatsAppBusiness): Answer {
  onlyKeys(call.params, ['name', 'hsm_id'], '');
  const name = requiredText(call.params, 'name', '');
  const id = optionalText(call.params, 'hsm_id', '');
  const { store } = call.context;
  const { whatsApp } = store.state;
  const gone = templatesOf(call, business.id).filter(
    (item) => item.name === name && (id === undefined || item.id === id),
  );
  if (gone.length === 0) throw refused(100, `There is no template ${name}.`);
  for (const template of gone) {
    delete whatsApp.templates[template.id];
    if (template.status === 'APPROVED') {
      whatsApp.blockedNames[`${business.id} ${name}`] = store.now() + 30 * DAY_MS;
    }
  }
  store.changed();
  return { success: true };
}

/** A template of a path, if the token was given its business account. */
export function templateOf(call: GraphCall, id: string): WhatsAppTemplate | undefined {
  const template = call.context.store.state.whatsApp.templates[id];
  if (template === undefined) return undefined;
  if (!holds(call, template.businessId)) throw unknownObject(call.method, id);
  return template;
}

/** `GET|POST /{template-id}`. Source: section D.6. */
export function answerTemplate(call: GraphCall, template: WhatsAppTemplate): Answer {
  requireScope(call, 'whatsapp_business_management');
  if (call.method === 'GET') {
    onlyKeys(call.params, ['fields'], '');
    return describe(call, template);
  }
  onlyKeys(call.params, ['components', 'category'], '');
  const { store, agenda } = call.context;
  const now = store.now();
  if (template.status === 'PENDING') {
    throw refused(2388039, 'A template cannot be changed while it is being reviewed.');
  }
  if (template.status === 'APPROVED') checkPaceOfChanges(template, now);
  if (call.params.category !== undefined) {
    template.category = oneOf(call.params.category, CATEGORIES, 'category');
  }
  if (call.params.components !== undefined) {
    template.components = checkComponents(call.params.components, template.parameterFormat);
  }
  template.status = 'PENDING';
  const at = now + store.state.settings.templateReviewMs;
  agenda.add({ kind: 'review', at, templateId: template.id });
  return { success: true };
}

function checkPaceOfChanges(template: WhatsAppTemplate, now: number): void {
  const within = (days: number): number =>
    template.changes.filter((at) => now - at < days * DAY_MS).length;
  if (within(1) >= 1 || within(30) >= 10) {
    throw refused(
      2388039,
      'An approved template can be changed once in 24 hours and 10 times in 30 days.',
    );
  }
  template.changes.push(now);
}

/** What happens to a template at Meta's side, told by webhook; for the control endpoint. */
export function changeTemplate(
  context: Context,
  template: WhatsAppTemplate,
  change: Partial<Pick<WhatsAppTemplate, 'status' | 'category' | 'quality' | 'rejectedReason'>>,
): void {
  const { webhooks } = context;
  const names = templateFields(template);
  const before = { ...template };
  Object.assign(template, change);
  if (template.status !== before.status) {
    const other: Partial<Record<string, Answer>> = {
      PAUSED: { other_info: { title: 'FIRST_PAUSE', description: 'Low quality.' } },
      DISABLED: { disable_info: { disable_date: String(Math.floor(context.store.now() / 1000)) } },
    };
    webhooks.enqueue(templateStatus(template, other[template.status]));
  }
  if (template.category !== before.category) {
    webhooks.enqueue(
      ofBusiness(template.businessId, 'template_category_update', {
        ...names,
        previous_category: before.category,
        new_category: template.category,
      }),
    );
  }
  if (template.quality !== before.quality) {
    webhooks.enqueue(
      ofBusiness(template.businessId, 'message_template_quality_update', {
        previous_quality_score: before.quality,
        new_quality_score: template.quality,
        ...names,
      }),
    );
  }
  context.store.changed();
}
