import { BUSINESS_ID, NUMBER_ID, PERSON, USER_ID } from './accounts';

export const AT = 1_795_000_000;
export const METADATA = { display_phone_number: '5511900000001', phone_number_id: NUMBER_ID };
export const CONTACT = { profile: { name: 'Ana Teste' }, wa_id: PERSON, user_id: USER_ID };

export const body = (...changes: object[]) => ({
  object: 'whatsapp_business_account',
  entry: [{ id: BUSINESS_ID, changes }],
});

/** A change of field `messages`, for our number. */
export const numberChange = (value: object, field = 'messages') => ({
  field,
  value: { messaging_product: 'whatsapp', metadata: METADATA, ...value },
});

export const messageFrom = (part: object, contact: object = CONTACT) =>
  body(
    numberChange({
      contacts: [contact],
      messages: [
        { from: PERSON, from_user_id: USER_ID, id: 'wamid.1', timestamp: String(AT), ...part },
      ],
    }),
  );

export const statusOf = (part: object) =>
  body(
    numberChange({
      statuses: [{ id: 'wamid.out', timestamp: String(AT), recipient_id: PERSON, ...part }],
    }),
  );

export const businessChange = (field: string, value: object) => ({
  object: 'whatsapp_business_account',
  entry: [{ id: BUSINESS_ID, time: AT, changes: [{ field, value }] }],
});
