import { CLINIC } from './seedClinic.ts';
import type { Channel, Post } from './model.ts';

type Row = [id: string, kind: Post['kind'], caption: string, more?: Partial<Post>];

const POSTS: Array<{ channel: Channel; accountId: string; rows: Row[] }> = [
  {
    channel: 'instagram',
    accountId: CLINIC.instagramAccountId,
    rows: [
      ['18000000000000004', 'FEED', 'Antes e depois: lentes de contato dental em duas sessões'],
      [
        '18000000000000005',
        'AD',
        'Clareamento com avaliação grátis em novembro. Mande uma mensagem!',
        {
          ad: {
            id: '6045246247433',
            title: 'Avaliação grátis',
            originalPostId: '18000000000000004',
          },
        },
      ],
      ['18000000000000008', 'REELS', '3 erros ao escovar os dentes'],
      ['18000000000000006', 'LIVE', 'Tira-dúvidas sobre aparelhos, ao vivo', { isLive: true }],
    ],
  },
  {
    channel: 'messenger',
    accountId: CLINIC.pageId,
    rows: [
      [`${CLINIC.pageId}_77`, 'FEED', 'Novo horário: atendemos até as 20h de segunda a quinta.'],
      [
        `${CLINIC.pageId}_1`,
        'AD',
        'Primeira avaliação grátis em novembro. Fale com a gente!',
        { ad: { id: '6045246247434', title: 'Avaliação grátis' } },
      ],
    ],
  },
  {
    channel: 'instagram',
    accountId: CLINIC.southInstagramAccountId,
    rows: [['18000000000000014', 'FEED', 'A Unidade Sul abriu as portas!']],
  },
  {
    channel: 'messenger',
    accountId: CLINIC.southPageId,
    rows: [[`${CLINIC.southPageId}_77`, 'FEED', 'A Unidade Sul abriu as portas!']],
  },
  {
    channel: 'instagram',
    accountId: CLINIC.doctorInstagramAccountId,
    rows: [
      ['18000000000000024', 'FEED', 'Um dia no consultório'],
      ['18000000000000028', 'REELS', 'O que comer depois do clareamento'],
    ],
  },
];

/** Posts on which people can comment, with the ids that the samples use. */
export const SEED_POSTS: Post[] = POSTS.flatMap(({ channel, accountId, rows }) =>
  rows.map(([id, kind, caption, more]) => ({ id, channel, accountId, kind, caption, ...more })),
);
