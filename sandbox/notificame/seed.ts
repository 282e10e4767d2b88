import type { NotificaMeState } from './model.ts';

/** Invented, and the same in every fresh sandbox. */
export const HUB_SEED = {
  token: '0f0e0d0c-0b0a-4908-8706-050403020100',
  whatsAppChannelId: '11111111-2222-4333-8444-555555555555',
  instagramChannelId: '11111111-2222-4333-8444-666666666666',
  messengerChannelId: '11111111-2222-4333-8444-777777777777',
  telegramChannelId: '11111111-2222-4333-8444-888888888888',
  emailChannelId: '11111111-2222-4333-8444-999999999999',
  whatsAppPersonId: '5511988887777',
  instagramPersonId: '900100200300400',
  messengerPersonId: '7001002003004005',
  telegramPersonId: '612345678',
} as const;

export function seedNotificaMe(): NotificaMeState {
  const company = HUB_SEED.token;
  const channel = (
    id: string,
    type: NotificaMeState['channels'][string]['type'],
    name: string,
    phone?: string,
  ) => ({ id, company, type, name, status: 'active' as const, ...(phone ? { phone } : {}) });
  const person = (
    id: string,
    channelId: string,
    firstName: string,
    lastName: string,
    name?: string,
  ) => ({
    id,
    channelId,
    firstName,
    lastName,
    name: name ?? `${firstName} ${lastName}`,
  });
  const channels = [
    channel(
      HUB_SEED.whatsAppChannelId,
      'whatsapp_business_account',
      'Clínica Sorriso',
      '551140028922',
    ),
    channel(HUB_SEED.instagramChannelId, 'instagram', 'clinica.sorriso'),
    channel(HUB_SEED.messengerChannelId, 'facebook', 'Clínica Sorriso (Página)'),
    channel(HUB_SEED.telegramChannelId, 'telegram', 'ClinicaSorrisoBot'),
    channel(HUB_SEED.emailChannelId, 'email', 'contato@clinica.example'),
  ];
  const people = [
    person(HUB_SEED.whatsAppPersonId, HUB_SEED.whatsAppChannelId, 'Ana', 'Teste'),
    person(HUB_SEED.instagramPersonId, HUB_SEED.instagramChannelId, 'Bruno', 'Lima', 'bruno.lima'),
    person(HUB_SEED.messengerPersonId, HUB_SEED.messengerChannelId, 'Carla', 'Souza'),
    person(HUB_SEED.telegramPersonId, HUB_SEED.telegramChannelId, 'Davi', 'Rocha'),
    person('elisa@email.example', HUB_SEED.emailChannelId, 'Elisa', 'Prado'),
  ];
  return {
    companies: { [company]: { name: 'Clínica Sorriso', channelLimit: 10 } },
    channels: Object.fromEntries(channels.map((one) => [one.id, one])),
    people: Object.fromEntries(people.map((one) => [one.id, one])),
    messages: [],
    subscriptions: [],
    templates: [
      {
        id: 'tpl-lembrete',
        channelId: HUB_SEED.whatsAppChannelId,
        name: 'lembrete_consulta',
        language: 'pt_BR',
        category: 'UTILITY',
        components: [{ type: 'BODY', text: 'Olá {{1}}, sua consulta é amanhã às {{2}}.' }],
        status: 'APPROVED',
      },
    ],
    instances: [],
    posts: [],
    faults: [],
    settings: {
      retryDelaysMs: [30_000, 30_000, 60_000],
      strictVersions: true,
      statuses: ['SENT', 'DELIVERED'],
    },
  };
}
