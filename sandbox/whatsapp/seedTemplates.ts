import type { TemplateStatus, WhatsAppTemplate } from './model.ts';

const BUSINESS = '300400500600700';

type Seed = Pick<WhatsAppTemplate, 'name' | 'category' | 'components'> & Partial<WhatsAppTemplate>;

const body = (text: string, ...examples: string[]): Record<string, unknown> => ({
  type: 'BODY',
  text,
  ...(examples.length === 0 ? {} : { example: { body_text: [examples] } }),
});

const quickReplies = (...texts: string[]): Record<string, unknown> => ({
  type: 'BUTTONS',
  buttons: texts.map((text) => ({ type: 'QUICK_REPLY', text })),
});

const footer = { type: 'FOOTER', text: 'Clínica Sorriso' };

/** Templates that cannot be sent, by what stands in the way. */
const OF_NO_USE: Partial<Record<TemplateStatus, string>> = {
  REJECTED: 'oferta_relampago',
  PAUSED: 'promo_junho',
  PENDING: 'novo_aviso',
};

/** Templates of a clinic, apart from the ready-made ones of the package, and one of each state that is no use. */
const SEEDS: Seed[] = [
  {
    name: 'lembrete_consulta',
    category: 'UTILITY',
    components: [
      body('Olá {{1}}, lembrete da sua consulta em {{2}} às {{3}}.', 'Ana', '12/03', '15:00'),
      footer,
      quickReplies('Confirmar', 'Remarcar'),
    ],
  },
  {
    name: 'confirmacao_com_local',
    category: 'UTILITY',
    components: [
      { type: 'HEADER', format: 'LOCATION' },
      body(
        'Olá {{1}}, sua consulta com {{2}} foi marcada para {{3}}, até lá!',
        'Ana',
        'Dra. Prado',
        '12/03',
      ),
      {
        type: 'BUTTONS',
        buttons: [
          { type: 'QUICK_REPLY', text: 'Confirmar' },
          {
            type: 'URL',
            text: 'Ver detalhes',
            url: 'https://clinicasorriso.example/c/{{1}}',
            example: ['https://clinicasorriso.example/c/abc'],
          },
          { type: 'PHONE_NUMBER', text: 'Ligar', phone_number: '+5511900000001' },
        ],
      },
    ],
  },
  {
    name: 'documentos_atendimento',
    category: 'UTILITY',
    components: [
      { type: 'HEADER', format: 'DOCUMENT', example: { header_handle: ['4:ZmFrZQ=='] } },
      body('Olá {{1}}, aqui estão os documentos do seu atendimento.', 'Ana'),
    ],
  },
  {
    name: 'pesquisa_opiniao',
    category: 'UTILITY',
    parameterFormat: 'NAMED',
    components: [
      {
        type: 'HEADER',
        format: 'TEXT',
        text: 'Oi, {{nome}}!',
        example: { header_text_named_params: [{ param_name: 'nome', example: 'Ana' }] },
      },
      {
        type: 'BODY',
        text: 'Como foi o seu atendimento de {{procedimento}} conosco?',
        example: {
          body_text_named_params: [{ param_name: 'procedimento', example: 'limpeza' }],
        },
      },
      quickReplies('Ótimo', 'Bom', 'Pode melhorar'),
    ],
  },
  {
    name: 'feliz_aniversario',
    category: 'MARKETING',
    components: [
      { type: 'HEADER', format: 'IMAGE', example: { header_handle: ['4:ZmFrZQ=='] } },
      body('Parabéns, {{1}}! A Clínica Sorriso deseja um dia cheio de sorrisos.', 'Ana'),
      { type: 'BUTTONS', buttons: [{ type: 'COPY_CODE', example: 'SORRISO10' }] },
    ],
  },
  {
    name: 'convite_avaliacao',
    category: 'MARKETING',
    components: [
      body('Oi {{1}}, ainda podemos ajudar com {{2}}?', 'Ana', 'a avaliação'),
      quickReplies('Quero agendar', 'Parar promoções'),
    ],
  },
  {
    name: 'tratamentos_do_mes',
    category: 'MARKETING',
    components: [
      body('Veja o que preparamos para você, {{1}}.', 'Ana'),
      {
        type: 'CAROUSEL',
        cards: ['Clareamento', 'Limpeza'].map((name) => ({
          components: [
            { type: 'HEADER', format: 'IMAGE', example: { header_handle: ['4:ZmFrZQ=='] } },
            body(`${name} com {{1}} de desconto.`, '10%'),
            quickReplies('Quero saber mais'),
          ],
        })),
      },
    ],
  },
  {
    name: 'codigo_acesso',
    category: 'AUTHENTICATION',
    components: [
      body('*{{1}}* é seu código de verificação.', '123456'),
      {
        type: 'BUTTONS',
        buttons: [
          {
            type: 'URL',
            text: 'Copiar código',
            url: 'https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}',
            example: ['https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp123456'],
          },
        ],
      },
    ],
  },
  {
    name: 'boas_vindas',
    category: 'MARKETING',
    components: [body('Olá! Que bom ter você aqui na Clínica Sorriso.'), footer],
  },
  {
    name: 'boas_vindas',
    category: 'MARKETING',
    language: 'en_US',
    components: [body('Hello! We are glad to have you at Clínica Sorriso.')],
  },
  ...(Object.keys(OF_NO_USE) as TemplateStatus[]).map((status) => ({
    name: OF_NO_USE[status] ?? '',
    category: 'MARKETING' as const,
    status,
    rejectedReason: status === 'REJECTED' ? 'INVALID_FORMAT' : 'NONE',
    components: [body('Só hoje, {{1}}: condições especiais na clínica.', 'Ana')],
  })),
];

export const SEED_TEMPLATES: WhatsAppTemplate[] = SEEDS.map((seed, index) => ({
  id: String(1689556908129800 + index),
  businessId: BUSINESS,
  language: 'pt_BR',
  parameterFormat: 'POSITIONAL',
  status: 'APPROVED',
  rejectedReason: 'NONE',
  quality: 'GREEN',
  changes: [],
  ...seed,
}));
