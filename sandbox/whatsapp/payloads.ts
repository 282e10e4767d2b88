import { titleOf } from './errors.ts';
import type { Persona } from '../model.ts';
import type { WebhookEvent } from '../webhooks/event.ts';
import type { WhatsAppNumber, WhatsAppPerson, WhatsAppTemplate } from './model.ts';

const ERROR_PAGE = 'https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/';

/** Seconds as text: times of messages and statuses. Source: section C.2. */
const seconds = (ms: number): string => String(Math.floor(ms / 1000));

/** WhatsApp's part of a person. @throws Error for a person of another channel */
export function whatsAppOf(persona: Persona): WhatsAppPerson {
  if (persona.whatsApp === undefined) throw new Error(`${persona.id} is not on WhatsApp.`);
  return persona.whatsApp;
}

/** One `changes[]` item of a number, in the frame that all of its fields share. */
function ofNumber(
  number: WhatsAppNumber,
  field: string,
  content: Record<string, unknown>,
  of: { mid?: string; personaId?: string } = {},
): WebhookEvent {
  return {
    object: 'whatsapp_business_account',
    accountId: number.businessId,
    numberId: number.id,
    field,
    slot: 'changes',
    value: {
      messaging_product: 'whatsapp',
      metadata: { display_phone_number: number.digits, phone_number_id: number.id },
      ...content,
    },
    ...of,
  };
}

/** `contacts[]`: who writes uses a username has no number there. Samples: wa_text, wa_text_no_phone_bsuid. */
function contactsOf(persona: Persona): Array<Record<string, unknown>> {
  const { waId, userId, hidesNumber } = whatsAppOf(persona);
  const name = `${persona.firstName} ${persona.lastName}`;
  return [
    hidesNumber
      ? { profile: { name, username: `@${persona.username}` }, user_id: userId }
      : { profile: { name }, wa_id: waId, user_id: userId },
  ];
}

function senderOf(persona: Persona): Record<string, unknown> {
  const { waId, userId, hidesNumber } = whatsAppOf(persona);
  return { ...(hidesNumber ? {} : { from: waId }), from_user_id: userId };
}

/** Something of the person in `messages[]`: `content` holds `type`, its object and what goes beside it. */
export function incoming(
  number: WhatsAppNumber,
  persona: Persona,
  { mid, at, content }: { mid: string; at: number; content: Record<string, unknown> },
): WebhookEvent {
  const isSystem = content.type === 'system';
  return ofNumber(
    number,
    'messages',
    {
      // System messages come without contacts. Sample: wa_system_number_change
      ...(isSystem ? {} : { contacts: contactsOf(persona) }),
      messages: [{ ...senderOf(persona), id: mid, timestamp: seconds(at), ...content }],
    },
    { mid, personaId: persona.id },
  );
}

/** What the clinic wrote in the WhatsApp Business app. Sample: wa_smb_echo. */
export function appEcho(
  number: WhatsAppNumber,
  persona: Persona,
  { mid, at, content }: { mid: string; at: number; content: Record<string, unknown> },
): WebhookEvent {
  const echo = { from: number.digits, to: whatsAppOf(persona).waId, id: mid };
  return ofNumber(
    number,
    'smb_message_echoes',
    { message_echoes: [{ ...echo, timestamp: seconds(at), ...content }] },
    { mid, personaId: persona.id },
  );
}

/** A person stops or resumes marketing messages. Sample: wa_user_preferences. */
export function preference(
  number: WhatsAppNumber,
  persona: Persona,
  value: 'stop' | 'resume',
  at: number,
): WebhookEvent {
  const { waId, userId, hidesNumber } = whatsAppOf(persona);
  return ofNumber(
    number,
    'user_preferences',
    {
      contacts: contactsOf(persona),
      user_preferences: [
        {
          ...(hidesNumber ? {} : { wa_id: waId }),
          user_id: userId,
          detail: `User requested to ${value} marketing messages`,
          category: 'marketing_messages',
          value,
          timestamp: Math.floor(at / 1000),
        },
      ],
    },
    { personaId: persona.id },
  );
}

export interface StatusFacts {
  mid: string;
  status: string;
  at: number;
  opaque?: string;
  pricing?: Record<string, unknown>;
  failure?: { code: number; details: string };
}

/** Where a message is. Samples: wa_status_sent, wa_status_delivered, wa_status_read, wa_status_failed. */
export function statusOf(
  number: WhatsAppNumber,
  recipient: Persona | string,
  { mid, status, at, opaque, pricing, failure }: StatusFacts,
): WebhookEvent {
  const persona = typeof recipient === 'string' ? undefined : recipient;
  return ofNumber(
    number,
    'messages',
    {
      // A failed status is seen without contacts.
      ...(persona === undefined || failure !== undefined ? {} : { contacts: contactsOf(persona) }),
      statuses: [
        {
          id: mid,
          status,
          timestamp: seconds(at),
          ...recipientFields(recipient),
          ...(pricing === undefined ? {} : { pricing }),
          ...(failure === undefined ? {} : { errors: [errorOf(failure)] }),
          ...(opaque === undefined ? {} : { biz_opaque_callback_data: opaque }),
        },
      ],
    },
    { mid, ...(persona === undefined ? {} : { personaId: persona.id }) },
  );
}

function recipientFields(recipient: Persona | string): Record<string, unknown> {
  if (typeof recipient === 'string') return { recipient_id: recipient };
  const { waId, userId, hidesNumber } = whatsAppOf(recipient);
  return { ...(hidesNumber ? {} : { recipient_id: waId }), recipient_user_id: userId };
}

function errorOf({ code, details }: { code: number; details: string }): Record<string, unknown> {
  const title = titleOf(code);
  return { code, title, message: title, error_data: { details }, href: ERROR_PAGE };
}

/** A change of the business account, which names no number. Samples: wa_template_*, wa_phone_quality. */
export function ofBusiness(
  businessId: string,
  field: string,
  value: Record<string, unknown>,
): WebhookEvent {
  return {
    object: 'whatsapp_business_account',
    accountId: businessId,
    field,
    slot: 'changes',
    value,
  };
}

/** How webhooks name a template: the id as a number. */
export function templateFields(template: WhatsAppTemplate): Record<string, unknown> {
  return {
    message_template_id: Number(template.id),
    message_template_name: template.name,
    message_template_language: template.language,
  };
}

/** Samples: wa_template_status_approved, _rejected, _paused, _disabled. */
export function templateStatus(
  template: WhatsAppTemplate,
  more: Record<string, unknown> = {},
): WebhookEvent {
  return ofBusiness(template.businessId, 'message_template_status_update', {
    event: template.status,
    ...templateFields(template),
    reason: template.status === 'REJECTED' ? template.rejectedReason : 'NONE',
    message_template_category: template.category,
    ...more,
  });
}
