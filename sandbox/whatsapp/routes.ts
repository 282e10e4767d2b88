import { allowMethods as allow, unknownPath } from '../graph/errors.ts';
import { onlyKeys } from '../graph/validation.ts';
import { checkFields, parseFields } from '../graph/fields.ts';
import { businessOf, numberOf, requireScope } from './access.ts';
import { listFlows } from './flows.ts';
import { answerMedia, mediaOf, uploadMedia } from './media.ts';
import { answerNumber, listNumbers, register, verifyNumber } from './numbers.ts';
import { blockUsers, businessProfile } from './profile.ts';
import { isReadMark, markAsRead } from './senderStatus.ts';
import { sendWhatsApp } from './send.ts';
import { subscribedApps } from './subscribed.ts';
import { answerTemplate, messageTemplates, templateOf } from './templates.ts';
import { answerUploads } from './uploads.ts';
import type { Accepted } from '../graph/messages.ts';
import type { GraphCall } from '../graph/call.ts';
import type { WhatsAppBusiness, WhatsAppNumber } from './model.ts';

/** Routes of WhatsApp on graph.facebook.com; undefined when the first id is none of WhatsApp's. */
export async function answerWhatsApp(call: GraphCall): Promise<Accepted | undefined> {
  const [id = '', edge, ...rest] = call.segments;
  if (rest.length > 0) return undefined;
  const uploaded = answerUploads(call);
  if (uploaded !== undefined) return { answer: uploaded };
  const number = numberOf(call, id);
  if (number !== undefined) return onNumber(call, number, edge);
  const business = businessOf(call, id);
  if (business !== undefined) return { answer: await onBusiness(call, business, edge) };
  if (edge !== undefined) return undefined;
  const template = templateOf(call, id);
  if (template !== undefined) {
    allow(call, ['GET', 'POST']);
    return { answer: answerTemplate(call, template) };
  }
  const media = mediaOf(call, id);
  if (media === undefined) return undefined;
  allow(call, ['GET', 'DELETE']);
  return { answer: answerMedia(call, media) };
}

async function onNumber(
  call: GraphCall,
  number: WhatsAppNumber,
  edge: string | undefined,
): Promise<Accepted> {
  switch (edge) {
    case undefined:
      allow(call, ['GET', 'POST']);
      return { answer: await answerNumber(call, number) };
    case 'messages':
      allow(call, ['POST']);
      return isReadMark(call) ? { answer: markAsRead(call, number) } : sendWhatsApp(call, number);
    case 'media':
      allow(call, ['POST']);
      return { answer: uploadMedia(call, number) };
    case 'register':
    case 'deregister':
      allow(call, ['POST']);
      return { answer: register(call, number, edge === 'register') };
    case 'request_code':
    case 'verify_code':
      allow(call, ['POST']);
      return { answer: verifyNumber(call, number, edge) };
    case 'whatsapp_business_profile':
      allow(call, ['GET', 'POST']);
      return { answer: businessProfile(call, number) };
    case 'block_users':
      allow(call, ['GET', 'POST', 'DELETE']);
      return { answer: blockUsers(call, number) };
    default:
      throw unknownPath(call);
  }
}

async function onBusiness(
  call: GraphCall,
  business: WhatsAppBusiness,
  edge: string | undefined,
): Promise<Record<string, unknown>> {
  switch (edge) {
    case undefined:
      allow(call, ['GET']);
      return readBusiness(call, business);
    case 'phone_numbers':
      allow(call, ['GET']);
      return listNumbers(call, business);
    case 'message_templates':
      allow(call, ['GET', 'POST', 'DELETE']);
      return messageTemplates(call, business);
    case 'flows':
      allow(call, ['GET']);
      return listFlows(call, business);
    case 'subscribed_apps':
      allow(call, ['GET', 'POST', 'DELETE']);
      return subscribedApps(call, business);
    default:
      throw unknownPath(call);
  }
}

function readBusiness(call: GraphCall, business: WhatsAppBusiness): Record<string, unknown> {
  requireScope(call, 'whatsapp_business_management');
  onlyKeys(call.params, ['fields'], '');
  const fields = parseFields(call.params.fields) ?? [{ name: 'name' }];
  checkFields(fields, ['id', 'name'], 'WhatsAppBusinessAccount');
  return { id: business.id, name: business.name };
}
