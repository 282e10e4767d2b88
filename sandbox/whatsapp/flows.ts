import { checkFields, parseFields } from '../graph/fields.ts';
import { paginate } from '../graph/paging.ts';
import { onlyKeys } from '../graph/validation.ts';
import { requireScope } from './access.ts';
import { CLINIC_WHATSAPP } from './seed.ts';
import type { GraphCall } from '../graph/call.ts';
import type { WhatsAppBusiness } from './model.ts';

type Answer = Record<string, unknown>;

/** Nothing here makes or changes a flow: they are the same in every sandbox. */
export const SEED_FLOWS = [
  ['1123456789012345', 'agendar_consulta', 'PUBLISHED', ['APPOINTMENT_BOOKING']],
  ['1123456789012346', 'pesquisa_satisfacao', 'PUBLISHED', ['SURVEY']],
  ['1123456789012347', 'ficha_anamnese', 'DRAFT', ['OTHER']],
  ['1123456789012348', 'cadastro_antigo', 'DEPRECATED', ['SIGN_UP']],
] as const;

const FIELDS = ['id', 'name', 'status', 'categories', 'validation_errors'];

/** `GET /{business}/flows`. Source: Meta's Flows API. */
export function listFlows(call: GraphCall, business: WhatsAppBusiness): Answer {
  requireScope(call, 'whatsapp_business_management');
  onlyKeys(call.params, ['fields', 'limit', 'after'], '');
  const fields = parseFields(call.params.fields);
  if (fields !== undefined) checkFields(fields, FIELDS, 'Flow');
  const wanted = new Set(['id', ...(fields?.map(({ name }) => name) ?? FIELDS)]);
  const flows = business.id === CLINIC_WHATSAPP.businessId ? [...SEED_FLOWS] : [];
  const { data, paging } = paginate(call, flows, call.params.limit, 25);
  return {
    data: data.map(([id, name, status, categories]) => {
      const all: Answer = { id, name, status, categories, validation_errors: [] };
      return Object.fromEntries(Object.entries(all).filter(([field]) => wanted.has(field)));
    }),
    ...(paging === undefined ? {} : { paging }),
  };
}
