import type { InboundEvent } from '../../../../core/model';

/** One inbound event of every kind a parser can make, for the Page `accountExternalId`. */
export function inboundOfEveryKind(accountExternalId: string, now: number): InboundEvent[] {
  const contact = { externalId: 'person-1', name: 'Ana' };
  let count = 0;
  const base = () => {
    count += 1;
    return {
      provider: 'meta' as const,
      channel: 'messenger' as const,
      accountExternalId,
      dedupeKey: `key-${count}`,
      occurredAt: now + count,
      raw: { count },
    };
  };
  const referral = { type: 'OPEN_THREAD', id: 'ad-1', ref: 'spring' };
  return [
    {
      ...base(),
      kind: 'message',
      contact,
      providerId: 'm-1',
      type: 'image',
      text: null,
      attachments: [{ type: 'image', url: 'https://cdn.example/1.jpg' }],
      buttonPayload: null,
      replyTo: { storyId: 's-1' },
      referral,
      standby: false,
    },
    {
      ...base(),
      kind: 'postback',
      contact,
      providerId: null,
      title: 'Sim',
      payload: 'YES',
      referral,
    },
    {
      ...base(),
      kind: 'echo',
      contact,
      providerId: 'm-2',
      type: 'text',
      text: 'Da recepção',
      attachments: [],
      metadata: null,
      senderAppId: null,
    },
    { ...base(), kind: 'delivery', contact, providerIds: ['m-2'], watermark: now },
    { ...base(), kind: 'read', contact, providerIds: [], watermark: now + 1_000 },
    {
      ...base(),
      kind: 'reaction',
      contact,
      targetProviderId: 'm-2',
      action: 'react',
      reaction: 'love',
      emoji: '❤',
    },
    { ...base(), kind: 'edit', contact, targetProviderId: 'm-1', text: 'Oi de novo' },
    { ...base(), kind: 'delete', contact, targetProviderId: 'm-1' },
    { ...base(), kind: 'referral', contact, referral },
    { ...base(), kind: 'optin', contact, payload: 'newsletter', details: { type: 'x' } },
    {
      ...base(),
      kind: 'handover',
      contact,
      action: 'pass',
      newOwnerAppId: 'app-1',
      previousOwnerAppId: 'app-2',
      metadata: null,
    },
    {
      ...base(),
      kind: 'comment',
      contact,
      providerId: 'comment-1',
      text: 'Qual o preço?',
      postId: 'post-1',
      parentId: null,
      verb: 'add',
      referral: null,
    },
    {
      ...base(),
      kind: 'mention',
      contact: null,
      providerId: 'mention-1',
      text: null,
      postId: 'post-1',
      parentId: null,
      verb: null,
      referral: null,
    },
    { ...base(), kind: 'policy', action: 'warning', reason: 'Too many reports.' },
    {
      ...base(),
      kind: 'templateStatus',
      templateName: 'reminder',
      language: 'pt_BR',
      status: 'APPROVED',
      reason: null,
    },
    { ...base(), kind: 'unrecognised', what: 'messaging.of_tomorrow' },
  ];
}
