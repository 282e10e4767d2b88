import { ControlError } from '../http.ts';
import { newNumericId } from '../ids.ts';
import * as read from '../control/read.ts';
import { makeNumber } from './seed.ts';
import { checkComponents } from './templateRules.ts';
import { changeTemplate } from './templates.ts';
import { ofBusiness } from './payloads.ts';
import { deliverWaiting } from './statuses.ts';
import { GraphError } from '../graph/errors.ts';
import type { Context } from '../context.ts';
import type { Persona } from '../model.ts';
import type { WhatsAppNumber, WhatsAppTemplate } from './model.ts';

type Body = Record<string, unknown>;

const QUALITY = ['GREEN', 'YELLOW', 'RED', 'UNKNOWN'] as const;
const TIERS = ['TIER_250', 'TIER_2K', 'TIER_10K', 'TIER_100K', 'TIER_UNLIMITED'] as const;
const STATUSES = ['CONNECTED', 'PENDING', 'FLAGGED', 'RESTRICTED', 'DISCONNECTED'] as const;
const CATEGORIES = ['UTILITY', 'MARKETING', 'AUTHENTICATION'] as const;
const TEMPLATE_STATUSES = [
  'PENDING',
  'APPROVED',
  'REJECTED',
  'PAUSED',
  'DISABLED',
  'PENDING_DELETION',
] as const;

/** `GET /_sandbox/whatsapp`: business accounts, numbers, templates and what is due. */
export function readWhatsApp(context: Context): unknown {
  const { businesses, numbers, templates, media, due } = context.store.state.whatsApp;
  return {
    businesses: Object.values(businesses),
    numbers: Object.values(numbers),
    templates: Object.values(templates),
    media: Object.values(media),
    due,
  };
}

function oneOf<T extends string>(body: Body, key: string, allowed: readonly T[]): T | undefined {
  if (body[key] === undefined) return undefined;
  const found = allowed.find((item) => item === body[key]);
  if (found === undefined) {
    throw new ControlError(`Field ${key} must be one of ${allowed.join(', ')}.`);
  }
  return found;
}

/** `POST /_sandbox/whatsapp/numbers`: `{ displayPhoneNumber, verifiedName, businessId? }`. */
export function addNumber(context: Context, body: Body): WhatsAppNumber {
  read.onlyFields(body, ['displayPhoneNumber', 'verifiedName', 'businessId']);
  const { whatsApp } = context.store.state;
  const businessId = read.optionalText(body, 'businessId') ?? '300400500600700';
  if (whatsApp.businesses[businessId] === undefined) {
    throw new ControlError(`There is no business account ${businessId}.`, 404);
  }
  const number = makeNumber({
    id: newNumericId('41', 15),
    businessId,
    displayPhoneNumber: read.text(body, 'displayPhoneNumber'),
    verifiedName: read.text(body, 'verifiedName'),
  });
  whatsApp.numbers[number.id] = number;
  context.store.changed();
  return number;
}

/**
 * `PATCH /_sandbox/whatsapp/numbers/{id}`: `qualityRating`, `messagingLimit`, `throughput`, `status`,
 * `isRegistered`, `codeVerificationStatus`, `pin`, `allowedRecipients` (null lifts the list). A change of limit or of
 * throughput is told by webhook.
 */
export function changeNumber(context: Context, id: string, body: Body): WhatsAppNumber {
  read.onlyFields(body, [
    'qualityRating',
    'messagingLimit',
    'throughput',
    'status',
    'isRegistered',
    'codeVerificationStatus',
    'pin',
    'allowedRecipients',
  ]);
  const number = context.store.state.whatsApp.numbers[id];
  if (number === undefined) throw new ControlError(`There is no number ${id}.`, 404);
  const before = { ...number };
  number.qualityRating = oneOf(body, 'qualityRating', QUALITY) ?? number.qualityRating;
  number.messagingLimit = oneOf(body, 'messagingLimit', TIERS) ?? number.messagingLimit;
  number.throughput = oneOf(body, 'throughput', ['STANDARD', 'HIGH'] as const) ?? number.throughput;
  number.status = oneOf(body, 'status', STATUSES) ?? number.status;
  number.isRegistered = read.optionalBoolean(body, 'isRegistered') ?? number.isRegistered;
  number.codeVerificationStatus =
    oneOf(body, 'codeVerificationStatus', ['VERIFIED', 'NOT_VERIFIED', 'EXPIRED'] as const) ??
    number.codeVerificationStatus;
  const pin = read.optionalText(body, 'pin');
  if (pin !== undefined) number.pin = pin;
  if (body.allowedRecipients === null) delete number.allowedRecipients;
  else if (body.allowedRecipients !== undefined) {
    number.allowedRecipients = read.texts(body, 'allowedRecipients');
  }
  tellQuality(context, number, before);
  context.store.changed();
  return number;
}

/** Sample: wa_phone_quality. */
function tellQuality(context: Context, number: WhatsAppNumber, before: WhatsAppNumber): void {
  const [was, is] = [before.messagingLimit, number.messagingLimit];
  const rank = (tier: string): number => TIERS.findIndex((item) => item === tier);
  const event =
    was !== is
      ? rank(is) > rank(was)
        ? 'UPGRADE'
        : 'DOWNGRADE'
      : number.status === 'FLAGGED' && before.status !== 'FLAGGED'
        ? 'FLAGGED'
        : before.status === 'FLAGGED' && number.status === 'CONNECTED'
          ? 'UNFLAGGED'
          : number.throughput !== before.throughput
            ? 'THROUGHPUT_UPGRADE'
            : undefined;
  if (event === undefined) return;
  context.webhooks.enqueue(
    ofBusiness(number.businessId, 'phone_number_quality_update', {
      display_phone_number: number.digits,
      event,
      ...(was === is ? {} : { old_limit: was }),
      current_limit: is,
      max_daily_conversations_per_business: is,
    }),
  );
}

/** `POST /_sandbox/whatsapp/templates`: an approved template at once: `{ name, category, components, ... }`. */
export function addTemplate(context: Context, body: Body): WhatsAppTemplate {
  read.onlyFields(body, [
    'name',
    'language',
    'category',
    'components',
    'parameterFormat',
    'status',
    'businessId',
  ]);
  const parameterFormat =
    oneOf(body, 'parameterFormat', ['POSITIONAL', 'NAMED'] as const) ?? 'POSITIONAL';
  const template: WhatsAppTemplate = {
    id: newNumericId('16', 15),
    businessId: read.optionalText(body, 'businessId') ?? '300400500600700',
    name: read.text(body, 'name'),
    language: read.optionalText(body, 'language') ?? 'pt_BR',
    category: oneOf(body, 'category', CATEGORIES) ?? 'UTILITY',
    parameterFormat,
    components: checkedComponents(body.components, parameterFormat),
    status: oneOf(body, 'status', TEMPLATE_STATUSES) ?? 'APPROVED',
    rejectedReason: 'NONE',
    quality: 'UNKNOWN',
    changes: [],
  };
  context.store.state.whatsApp.templates[template.id] = template;
  context.store.changed();
  return template;
}

function checkedComponents(
  value: unknown,
  format: WhatsAppTemplate['parameterFormat'],
): WhatsAppTemplate['components'] {
  try {
    return checkComponents(value, format);
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    throw new ControlError(error.detail.details ?? error.message);
  }
}

/** `PATCH /_sandbox/whatsapp/templates/{id or name}`: `status`, `category`, `quality`, `rejectedReason`; told by webhook. */
export function patchTemplate(context: Context, id: string, body: Body): WhatsAppTemplate {
  read.onlyFields(body, ['status', 'category', 'quality', 'rejectedReason']);
  const { templates } = context.store.state.whatsApp;
  const template = templates[id] ?? Object.values(templates).find((item) => item.name === id);
  if (template === undefined) throw new ControlError(`There is no template ${id}.`, 404);
  const status = oneOf(body, 'status', TEMPLATE_STATUSES);
  const category = oneOf(body, 'category', CATEGORIES);
  const quality = oneOf(body, 'quality', QUALITY);
  const rejectedReason = read.optionalText(body, 'rejectedReason');
  changeTemplate(context, template, {
    ...(status === undefined ? {} : { status }),
    ...(category === undefined ? {} : { category }),
    ...(quality === undefined ? {} : { quality }),
    ...(rejectedReason === undefined ? {} : { rejectedReason }),
  });
  return template;
}

const PERSON_SWITCHES = [
  'hidesNumber',
  'isOnWhatsApp',
  'isOffline',
  'stoppedMarketing',
  'atMarketingCap',
] as const;

/** `whatsApp` of `PATCH /_sandbox/personas/{id}`; a phone that comes on again takes what waited. */
export function changePerson(context: Context, persona: Persona, body: Body): void {
  read.onlyFields(body, PERSON_SWITCHES);
  const person = persona.whatsApp;
  if (person === undefined) throw new ControlError(`Persona ${persona.id} is not on WhatsApp.`);
  for (const key of PERSON_SWITCHES) {
    person[key] = read.optionalBoolean(body, key) ?? person[key];
  }
  if (body.isOffline === false) deliverWaiting(context, persona);
}
