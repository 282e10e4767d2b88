import type { AccountHealth } from '../../model';
import { asId, asList, asNumber, asObject, asText } from '../graph/json';
import type { JsonObject } from '../graph/json';
import type { CloudAccess, CloudClient } from './client';
import { nextPage, pageQuery } from './paging';
import type { Page, PageRequest } from './paging';

/** A phone number of a business account, as Meta knows it. */
export interface PhoneNumber {
  id: string;
  /** As people read it: `+55 11 90000-0001`. */
  displayPhoneNumber: string | null;
  verifiedName: string | null;
  /** `GREEN`, `YELLOW`, `RED`, `UNKNOWN` */
  qualityRating: string | null;
  /** People who may be written to first within 24 hours: `TIER_2K`. */
  messagingLimit: string | null;
  /** `STANDARD` = 80 messages a second, `HIGH` = 1,000. */
  throughput: string | null;
  nameStatus: string | null;
  codeVerificationStatus: string | null;
  /** `CLOUD_API`, `ON_PREMISE`, `NOT_APPLICABLE` */
  platformType: string | null;
  /** `CONNECTED`, `PENDING`, `FLAGGED`, `RESTRICTED`, … */
  status: string | null;
  /** `AVAILABLE`, `LIMITED`, `BLOCKED`; with what stands in the way. */
  canSendMessage: string | null;
  problems: string[];
}

/** Until v23 the limit of the number, since then that of the portfolio it belongs to. */
const PORTFOLIO_LIMIT_SINCE = 24;

function numberFields({ version }: CloudAccess, withHealth: boolean): string {
  const isOld =
    (asNumber(/^v(\d+)/.exec(version)?.[1]) ?? PORTFOLIO_LIMIT_SINCE) < PORTFOLIO_LIMIT_SINCE;
  return [
    'id,display_phone_number,verified_name,quality_rating,code_verification_status,name_status,platform_type,throughput,status',
    isOld ? 'messaging_limit_tier' : 'whatsapp_business_manager_messaging_limit',
    ...(withHealth ? ['health_status'] : []),
  ].join(',');
}

export async function getPhoneNumber(
  client: CloudClient,
  access: CloudAccess,
  phoneNumberId: string,
): Promise<PhoneNumber> {
  const answer = await client.call(access, {
    method: 'GET',
    path: [phoneNumberId],
    query: { fields: numberFields(access, true) },
    subject: `the phone number ${phoneNumberId}`,
  });
  return toPhoneNumber(answer, phoneNumberId);
}

export async function listPhoneNumbers(
  client: CloudClient,
  access: CloudAccess,
  businessAccountId: string,
  page: PageRequest,
): Promise<Page<PhoneNumber>> {
  const answer = await client.call(access, {
    method: 'GET',
    path: [businessAccountId, 'phone_numbers'],
    query: { fields: numberFields(access, false), ...pageQuery(page) },
    subject: `the phone numbers of the business account ${businessAccountId}`,
  });
  const items = asList(answer.data).flatMap((item) => {
    const number = asObject(item);
    const id = asId(number?.id);
    return number === null || id === null ? [] : [toPhoneNumber(number, id)];
  });
  return { items, nextCursor: nextPage(answer) };
}

function toPhoneNumber(number: JsonObject, id: string): PhoneNumber {
  const health = asObject(number.health_status);
  return {
    id,
    displayPhoneNumber: asText(number.display_phone_number),
    verifiedName: asText(number.verified_name),
    qualityRating: asText(number.quality_rating),
    messagingLimit:
      asText(number.whatsapp_business_manager_messaging_limit) ??
      asText(number.messaging_limit_tier),
    throughput: asText(asObject(number.throughput)?.level),
    nameStatus: asText(number.name_status),
    codeVerificationStatus: asText(number.code_verification_status),
    platformType: asText(number.platform_type),
    status: asText(number.status),
    canSendMessage: asText(health?.can_send_message),
    problems: asList(health?.entities).flatMap((entity) =>
      asList(asObject(entity)?.errors).flatMap((error) => {
        const facts = asObject(error);
        const words = [asText(facts?.error_description), asText(facts?.possible_solution)];
        const sentence = words.filter((part) => part !== null).join(' ');
        return sentence === '' ? [] : [sentence];
      }),
    ),
  };
}

/** A number in one line: `Clínica Sorriso +55 11 90000-0001 (quality GREEN, limit TIER_2K)`. */
export function describeNumber(number: PhoneNumber): string {
  const { status, qualityRating, messagingLimit } = number;
  const facts = [
    status !== null && status !== 'CONNECTED' ? `status ${status}` : null,
    qualityRating === null ? null : `quality ${qualityRating}`,
    messagingLimit === null ? null : `limit ${messagingLimit}`,
  ].filter((fact) => fact !== null);
  return facts.length === 0 ? nameOf(number) : `${nameOf(number)} (${facts.join(', ')})`;
}

export function nameOf({ id, verifiedName, displayPhoneNumber }: PhoneNumber): string {
  const parts = [verifiedName, displayPhoneNumber].filter((part) => part !== null);
  return parts.length === 0 ? `WhatsApp ${id}` : parts.join(' ');
}

/** What of a number is kept on its account. */
export function healthOf(number: PhoneNumber): AccountHealth {
  const facts = {
    phoneNumber: number.displayPhoneNumber?.replace(/\D/g, '') || null,
    verifiedName: number.verifiedName,
    qualityRating: number.qualityRating,
    messagingLimit: number.messagingLimit,
    throughput: number.throughput,
    nameStatus: number.nameStatus,
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null));
}

/** Puts a number into service on the Cloud API; at most 10 times in 72 hours. */
export async function registerNumber(
  client: CloudClient,
  access: CloudAccess,
  phoneNumberId: string,
  { pin, dataLocalizationRegion }: { pin: string; dataLocalizationRegion?: string | undefined },
): Promise<void> {
  await client.call(access, {
    method: 'POST',
    path: [phoneNumberId, 'register'],
    body: {
      messaging_product: 'whatsapp',
      pin,
      ...(dataLocalizationRegion ? { data_localization_region: dataLocalizationRegion } : {}),
    },
    subject: `the registration of the number ${phoneNumberId}`,
  });
}
