import { checkFields, parseFields, type FieldRequest } from '../graph/fields.ts';
import { paginate } from '../graph/paging.ts';
import { asObject, oneOf, onlyKeys, requiredText } from '../graph/validation.ts';
import { requireProduct, requireScope } from './access.ts';
import { refused } from './errors.ts';
import { overrideOf } from './subscribed.ts';
import type { GraphCall } from '../graph/call.ts';
import type { WhatsAppBusiness, WhatsAppNumber } from './model.ts';

type Answer = Record<string, unknown>;

const THREE_DAYS_MS = 72 * 3_600_000;
const MOST_REGISTRATIONS = 10;
const FIELDS = [
  'id',
  'display_phone_number',
  'verified_name',
  'quality_rating',
  'code_verification_status',
  'name_status',
  'platform_type',
  'throughput',
  'status',
  'health_status',
];
const DEFAULT_FIELDS = [
  'verified_name',
  'code_verification_status',
  'display_phone_number',
  'quality_rating',
  'platform_type',
  'throughput',
  'id',
];

/** Name of the field that tells the messaging limit: another one since v24. Source: section D.5. */
function limitField(version: string): string {
  return Number(/^v(\d+)/.exec(version)?.[1]) < 24
    ? 'messaging_limit_tier'
    : 'whatsapp_business_manager_messaging_limit';
}

/** `GET /{business}/phone_numbers`. Source: section D.5. */
export function listNumbers(call: GraphCall, business: WhatsAppBusiness): Answer {
  requireScope(call, 'whatsapp_business_management');
  onlyKeys(call.params, ['fields', 'limit', 'after'], '');
  const numbers = Object.values(call.context.store.state.whatsApp.numbers).filter(
    (number) => number.businessId === business.id,
  );
  const { data, paging } = paginate(call, numbers, call.params.limit, 25);
  return {
    data: data.map((number) => describe(call, number)),
    ...(paging === undefined ? {} : { paging }),
  };
}

/** `GET /{number}`, and `POST /{number}` for PIN and callback. Sources: sections D.5, D.8. */
export async function answerNumber(call: GraphCall, number: WhatsAppNumber): Promise<Answer> {
  requireScope(call, 'whatsapp_business_management');
  if (call.method === 'GET') {
    onlyKeys(call.params, ['fields'], '');
    return describe(call, number);
  }
  onlyKeys(call.params, ['pin', 'webhook_configuration'], '');
  if (call.params.pin !== undefined) number.pin = readPin(call.params);
  if (call.params.webhook_configuration !== undefined) {
    const given = asObject(call.params.webhook_configuration, 'webhook_configuration');
    const override = await overrideOf(call, given, 'webhook_configuration');
    if (override === undefined) delete number.overrides[call.app.id];
    else number.overrides[call.app.id] = override;
  }
  call.context.store.changed();
  return { success: true };
}

function describe(call: GraphCall, number: WhatsAppNumber): Answer {
  const limit = limitField(call.version);
  const fields: FieldRequest[] =
    parseFields(call.params.fields) ?? DEFAULT_FIELDS.map((name) => ({ name }));
  checkFields(fields, [...FIELDS, limit], 'WhatsAppBusinessPhoneNumber');
  const all: Answer = {
    id: number.id,
    display_phone_number: number.displayPhoneNumber,
    verified_name: number.verifiedName,
    quality_rating: number.qualityRating,
    code_verification_status: number.codeVerificationStatus,
    name_status: number.nameStatus,
    platform_type: number.isRegistered ? 'CLOUD_API' : 'NOT_APPLICABLE',
    throughput: { level: number.throughput },
    status: number.status,
    [limit]: number.messagingLimit,
    health_status: healthOf(number),
  };
  const wanted = ['id', ...fields.map(({ name }) => name)];
  return Object.fromEntries(Object.entries(all).filter(([key]) => wanted.includes(key)));
}

function healthOf(number: WhatsAppNumber): Answer {
  const canSend =
    !number.isRegistered || number.status === 'DISCONNECTED'
      ? 'BLOCKED'
      : number.status === 'CONNECTED'
        ? 'AVAILABLE'
        : 'LIMITED';
  const problem = {
    error_code: 141000,
    error_description: number.isRegistered
      ? `The number is ${number.status.toLowerCase()}.`
      : 'The phone number is not registered.',
    possible_solution: number.isRegistered
      ? 'Look at the number in WhatsApp Manager.'
      : 'Register the phone number.',
  };
  return {
    can_send_message: canSend,
    entities: [
      {
        entity_type: 'PHONE_NUMBER',
        id: number.id,
        can_send_message: canSend,
        ...(canSend === 'AVAILABLE' ? {} : { errors: [problem] }),
      },
      { entity_type: 'WABA', id: number.businessId, can_send_message: 'AVAILABLE' },
    ],
  };
}

/** `POST /{number}/register` and `/deregister`. Source: section D.5. */
export function register(call: GraphCall, number: WhatsAppNumber, isOn: boolean): Answer {
  requireScope(call, 'whatsapp_business_management');
  const { store } = call.context;
  const recent = number.registrations.filter((at) => store.now() - at < THREE_DAYS_MS);
  if (recent.length >= MOST_REGISTRATIONS) {
    throw refused(133016, 'There were 10 attempts in 72 hours.');
  }
  number.registrations = [...recent, store.now()];
  if (isOn) {
    onlyKeys(call.params, ['messaging_product', 'pin', 'data_localization_region'], '');
    requireProduct(call.params);
    const pin = readPin(call.params);
    if (number.codeVerificationStatus !== 'VERIFIED') {
      throw refused(133006, 'Verify the number with a code first.');
    }
    if (number.pin !== undefined && number.pin !== pin) {
      throw refused(133005, 'The PIN is not the one of the number.');
    }
    number.pin = pin;
  } else onlyKeys(call.params, [], '');
  number.isRegistered = isOn;
  number.status = isOn ? 'CONNECTED' : 'DISCONNECTED';
  store.changed();
  return { success: true };
}

function readPin(params: Record<string, unknown>): string {
  const pin = requiredText(params, 'pin', '');
  if (!/^\d{6}$/.test(pin)) throw refused(100, 'pin must have 6 digits.');
  return pin;
}

/** `POST /{number}/request_code` and `/verify_code`. Every code is 123456 here. Source: section D.5. */
export function verifyNumber(call: GraphCall, number: WhatsAppNumber, step: string): Answer {
  requireScope(call, 'whatsapp_business_management');
  if (step === 'request_code') {
    onlyKeys(call.params, ['code_method', 'language'], '');
    oneOf(call.params.code_method, ['SMS', 'VOICE'], 'code_method');
    requiredText(call.params, 'language', '');
    return { success: true };
  }
  onlyKeys(call.params, ['code'], '');
  if (requiredText(call.params, 'code', '') !== '123456') {
    throw refused(100, 'The code is not the one that was sent.');
  }
  number.codeVerificationStatus = 'VERIFIED';
  call.context.store.changed();
  return { success: true };
}
