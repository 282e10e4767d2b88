import type { Instance } from './instance.ts';

const body = (text: string, ...examples: string[]) => ({
  type: 'BODY',
  text,
  example: { body_text: [examples] },
});

/** Templates of the kinds that the clinic's own lack. */
const MORE = [
  {
    name: 'com_video_e_formulario',
    components: [
      { type: 'HEADER', format: 'VIDEO', example: { header_handle: ['4:ZmFrZQ=='] } },
      body('Olá {{1}}, preencha sua ficha antes da consulta.', 'Ana'),
      {
        type: 'BUTTONS',
        buttons: [{ type: 'FLOW', text: 'Preencher', flow_id: '1123456789012345' }],
      },
    ],
  },
  {
    name: 'com_catalogo',
    components: [
      body('Olá {{1}}, veja todos os tratamentos.', 'Ana'),
      { type: 'BUTTONS', buttons: [{ type: 'CATALOG', text: 'Ver catálogo' }] },
    ],
  },
  {
    name: 'com_produtos',
    components: [
      { type: 'HEADER', format: 'TEXT', text: 'Novidades' },
      body('Olá {{1}}, escolhemos para você.', 'Ana'),
      { type: 'BUTTONS', buttons: [{ type: 'MPM', text: 'Ver produtos' }] },
    ],
  },
  {
    name: 'com_oferta',
    components: [
      { type: 'HEADER', format: 'IMAGE', example: { header_handle: ['4:ZmFrZQ=='] } },
      { type: 'LIMITED_TIME_OFFER', limited_time_offer: { text: 'Só hoje', has_expiration: true } },
      body('Olá {{1}}, uma condição especial.', 'Ana'),
      {
        type: 'BUTTONS',
        buttons: [
          { type: 'COPY_CODE', example: 'NATAL25' },
          {
            type: 'URL',
            text: 'Ver',
            url: 'https://clinicasorriso.example/o/{{1}}',
            example: ['https://clinicasorriso.example/o/abc'],
          },
        ],
      },
    ],
  },
];

/** Adds them to the sandbox's business account, approved. */
export function addTemplates({ context, seed }: Instance['sandbox']): void {
  const { templates } = context.store.state.whatsApp;
  MORE.forEach((template, index) => {
    const id = String(1789556908129800 + index);
    templates[id] = {
      id,
      businessId: seed.whatsApp.businessAccountId,
      language: 'pt_BR',
      category: 'MARKETING',
      parameterFormat: 'POSITIONAL',
      status: 'APPROVED',
      rejectedReason: 'NONE',
      quality: 'GREEN',
      changes: [],
      ...template,
    };
  });
}
