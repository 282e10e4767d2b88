import { SEED_TEMPLATES } from './seedTemplates.ts';
import type { Persona } from '../model.ts';
import type { WhatsAppBusiness, WhatsAppNumber, WhatsAppPerson, WhatsAppState } from './model.ts';

/** Ids of the clinic's WhatsApp. Everything here is invented, and the same in every fresh sandbox. */
export const CLINIC_WHATSAPP = {
  businessId: '300400500600700',
  numberId: '410000000000001',
  southNumberId: '410000000000002',
  /** Registered to nobody's service yet, and one whose token is of no use. */
  otherBusinessId: '300400500600799',
  otherNumberId: '410000000000099',
} as const;

/** A number with everything that was not said filled in. */
export function makeNumber(
  number: Pick<WhatsAppNumber, 'id' | 'businessId' | 'displayPhoneNumber' | 'verifiedName'> &
    Partial<WhatsAppNumber>,
): WhatsAppNumber {
  return {
    digits: number.displayPhoneNumber.replace(/\D/g, ''),
    qualityRating: 'GREEN',
    messagingLimit: 'TIER_2K',
    throughput: 'STANDARD',
    status: 'CONNECTED',
    nameStatus: 'APPROVED',
    codeVerificationStatus: 'VERIFIED',
    isRegistered: true,
    pin: '123456',
    registrations: [],
    profile: {
      about: '',
      address: '',
      description: '',
      email: '',
      websites: [],
      vertical: 'HEALTH',
    },
    blocked: [],
    overrides: {},
    ...number,
  };
}

const BUSINESSES: WhatsAppBusiness[] = [
  { id: CLINIC_WHATSAPP.businessId, name: 'Clínica Sorriso', subscribedApps: [] },
  { id: CLINIC_WHATSAPP.otherBusinessId, name: 'Outra Empresa', subscribedApps: [] },
];

const NUMBERS: WhatsAppNumber[] = [
  makeNumber({
    id: CLINIC_WHATSAPP.numberId,
    businessId: CLINIC_WHATSAPP.businessId,
    displayPhoneNumber: '+55 11 90000-0001',
    verifiedName: 'Clínica Sorriso',
    profile: {
      about: 'Cuidamos do seu sorriso',
      address: 'Av. Exemplo, 1 - São Paulo',
      description: 'Consultas de segunda a sábado.',
      email: 'contato@clinicasorriso.example',
      websites: ['https://clinicasorriso.example'],
      vertical: 'HEALTH',
    },
  }),
  makeNumber({
    id: CLINIC_WHATSAPP.southNumberId,
    businessId: CLINIC_WHATSAPP.businessId,
    displayPhoneNumber: '+55 51 90000-0002',
    verifiedName: 'Clínica Sorriso – Unidade Sul',
    qualityRating: 'YELLOW',
    messagingLimit: 'TIER_250',
  }),
  makeNumber({
    id: CLINIC_WHATSAPP.otherNumberId,
    businessId: CLINIC_WHATSAPP.otherBusinessId,
    displayPhoneNumber: '+55 21 90000-0099',
    verifiedName: 'Outra Empresa',
  }),
];

/** A fresh WhatsApp: two business accounts, three numbers, the clinic's templates. */
export function seedWhatsApp(): WhatsAppState {
  return structuredClone({
    businesses: Object.fromEntries(BUSINESSES.map((item) => [item.id, item])),
    numbers: Object.fromEntries(NUMBERS.map((item) => [item.id, item])),
    templates: Object.fromEntries(SEED_TEMPLATES.map((item) => [item.id, item])),
    media: {},
    blockedNames: {},
    due: [],
  });
}

/** What is special about a person on WhatsApp, with everything that was not said filled in. */
export function makeWhatsAppPerson(
  person: Pick<WhatsAppPerson, 'waId' | 'userId'> & Partial<WhatsAppPerson>,
): WhatsAppPerson {
  return {
    hidesNumber: false,
    isOnWhatsApp: true,
    isOffline: false,
    stoppedMarketing: false,
    atMarketingCap: false,
    ...person,
  };
}

export interface WhatsAppPersonSeed {
  accountId: string;
  id: string;
  firstName: string;
  lastName: string;
  username: string;
  gender: Persona['gender'];
  whatsApp: WhatsAppPerson;
}

/**
 * The people who write to the clinic's numbers. Each id is the phone number that WhatsApp knows; that of
 * Marcos lacks the ninth digit, as those of old Brazilian accounts do, and Sofia has a username only.
 */
export const WHATSAPP_PEOPLE: WhatsAppPersonSeed[] = (
  [
    ['410000000000001', '5511988887777', 'Ana Paula', 'Teixeira', 'ana.teixeira', 'female'],
    ['410000000000001', '551188886666', 'Marcos', 'Vieira', 'marcos.vieira', 'male'],
    ['410000000000001', '5511977775555', 'Sofia', 'Barros', 'sofia.barros', 'female'],
    ['410000000000002', '5551988884444', 'Gabriel', 'Nogueira', 'gabriel.nogueira', 'male'],
    ['410000000000002', '5551977773333', 'Larissa', 'Campos', 'larissa.campos', 'female'],
  ] as const
).map(([accountId, id, firstName, lastName, username, gender], index) => ({
  accountId,
  id,
  firstName,
  lastName,
  username,
  gender,
  whatsApp: makeWhatsAppPerson({
    waId: id,
    userId: `BR.1349120865530274${1918 + index}`,
    hidesNumber: firstName === 'Sofia',
  }),
}));
