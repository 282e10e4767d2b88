/**
 * The message templates of the bundled workflows, ready to be handed to Meta. Names and categories: UTILITY is what the
 * person did or asked for, told without any promotion; everything else is MARKETING, and a mixture is MARKETING, too
 * (Meta's template categories). No procedure is named: health data is no matter for a lock screen.
 *
 * {{1}} is always the name of the person and {{2}} that of the business; appointments have {{3}} the day and {{4}} the
 * time, the notice to the staff {{3}} what happened and {{4}} with whom. Meta takes no variable at the beginning or end of a
 * text, and no two side by side.
 */

export const READY_LANGUAGES = ['pt_BR', 'en'] as const;
export type ReadyLanguage = (typeof READY_LANGUAGES)[number];

export const READY_NAMES = [
  'boas_vindas_lead',
  'confirmacao_consulta',
  'lembrete_consulta_24h',
  'documentos_pos_procedimento',
  'pesquisa_atendimento',
  'aniversario_cliente',
  'retomada_contato',
  'aviso_equipe',
] as const;
export type ReadyName = (typeof READY_NAMES)[number];

export interface ReadyWording {
  body: string;
  footer?: string;
  /** Quick replies, up to 25 characters each. A tap brings the label, unless the message gave a payload for it. */
  buttons: readonly string[];
  /** What Meta's reviewers see in place of the variables, but for {{2}}: that is the business. */
  examples: { name: string; third?: string; fourth?: string };
}

export interface ReadyTemplate {
  category: 'UTILITY' | 'MARKETING';
  /** A document stands above the text; each message brings its own. */
  hasDocument: boolean;
  wording: Readonly<Record<ReadyLanguage, ReadyWording>>;
}

const ANA = { name: 'Ana' };
const VISIT = {
  pt_BR: { ...ANA, third: 'quarta-feira, 25/11', fourth: '15:00' },
  en: { ...ANA, third: 'Wednesday, 25 November', fourth: '15:00' },
};
/** Of marketing without a button for it: the words are understood on every channel. */
const STOP = {
  pt_BR: 'Responda PARAR para não receber mais.',
  en: 'Reply STOP to get no more of these.',
};
const ANSWERS = {
  pt_BR: ['Confirmar', 'Remarcar', 'Cancelar'],
  en: ['Confirm', 'Reschedule', 'Cancel'],
};

export const READY_TEMPLATES: Readonly<Record<ReadyName, ReadyTemplate>> = {
  boas_vindas_lead: {
    category: 'MARKETING',
    hasDocument: false,
    wording: {
      pt_BR: {
        body: 'Olá, {{1}}! Recebemos o seu contato na {{2}} e queremos ajudar. Esta é uma mensagem automática: escolha uma opção ou escreva a sua pergunta, e a nossa equipe continua a conversa.',
        footer: STOP.pt_BR,
        buttons: ['Agendar consulta', 'Saber preços', 'Falar com a equipe'],
        examples: ANA,
      },
      en: {
        body: 'Hello, {{1}}! We received your request at {{2}} and would like to help. This is an automated message: choose an option or write your question, and our team takes it from there.',
        footer: STOP.en,
        buttons: ['Book a visit', 'Ask for prices', 'Talk to the team'],
        examples: ANA,
      },
    },
  },
  confirmacao_consulta: {
    category: 'UTILITY',
    hasDocument: false,
    wording: {
      pt_BR: {
        body: 'Olá, {{1}}. A sua consulta na {{2}} está marcada para {{3}}, às {{4}}. Por favor, confirme, remarque ou cancele pelos botões abaixo.',
        buttons: ANSWERS.pt_BR,
        examples: VISIT.pt_BR,
      },
      en: {
        body: 'Hello, {{1}}. Your appointment at {{2}} is booked for {{3}}, at {{4}}. Please confirm, reschedule or cancel it with the buttons below.',
        buttons: ANSWERS.en,
        examples: VISIT.en,
      },
    },
  },
  lembrete_consulta_24h: {
    category: 'UTILITY',
    hasDocument: false,
    wording: {
      pt_BR: {
        body: 'Olá, {{1}}. Este é um lembrete da sua consulta na {{2}}: {{3}}, às {{4}}. Por favor, confirme, remarque ou cancele pelos botões abaixo.',
        buttons: ANSWERS.pt_BR,
        examples: VISIT.pt_BR,
      },
      en: {
        body: 'Hello, {{1}}. This is a reminder of your appointment at {{2}}: {{3}}, at {{4}}. Please confirm, reschedule or cancel it with the buttons below.',
        buttons: ANSWERS.en,
        examples: VISIT.en,
      },
    },
  },
  documentos_pos_procedimento: {
    category: 'UTILITY',
    hasDocument: true,
    wording: {
      pt_BR: {
        body: 'Olá, {{1}}. Segue acima o documento do seu atendimento na {{2}}. Se tiver dúvidas, responda a esta mensagem.',
        buttons: [],
        examples: ANA,
      },
      en: {
        body: 'Hello, {{1}}. Above is the document of your visit to {{2}}. If you have questions, reply to this message.',
        buttons: [],
        examples: ANA,
      },
    },
  },
  pesquisa_atendimento: {
    category: 'UTILITY',
    hasDocument: false,
    wording: {
      pt_BR: {
        body: 'Olá, {{1}}. Como foi o seu último atendimento na {{2}}? Escolha uma nota de 1 a 5: a sua resposta chega direto à nossa equipe.',
        buttons: ['5 - Ótimo', '4 - Bom', '3 - Regular', '2 - Ruim', '1 - Péssimo'],
        examples: ANA,
      },
      en: {
        body: 'Hello, {{1}}. How was your last visit to {{2}}? Choose a grade from 1 to 5: your answer goes straight to our team.',
        buttons: ['5 - Great', '4 - Good', '3 - Fair', '2 - Not good', '1 - Poor'],
        examples: ANA,
      },
    },
  },
  aniversario_cliente: {
    category: 'MARKETING',
    hasDocument: false,
    wording: {
      pt_BR: {
        body: 'Feliz aniversário, {{1}}! Toda a equipe da {{2}} deseja a você um dia cheio de alegria e muita saúde.',
        footer: STOP.pt_BR,
        buttons: [],
        examples: ANA,
      },
      en: {
        body: 'Happy birthday, {{1}}! The whole team of {{2}} wishes you a joyful day and good health.',
        footer: STOP.en,
        buttons: [],
        examples: ANA,
      },
    },
  },
  retomada_contato: {
    category: 'MARKETING',
    hasDocument: false,
    wording: {
      pt_BR: {
        body: 'Olá, {{1}}. Você falou com a {{2}} há alguns dias e a nossa conversa parou por ali. Ainda podemos ajudar? Toque em um dos botões abaixo.',
        buttons: ['Quero continuar', 'Parar'],
        examples: ANA,
      },
      en: {
        body: 'Hello, {{1}}. You wrote to {{2}} some days ago and our conversation stopped there. Can we still help? Tap one of the buttons below.',
        buttons: ['Go on', 'Stop'],
        examples: ANA,
      },
    },
  },
  aviso_equipe: {
    category: 'UTILITY',
    hasDocument: false,
    wording: {
      pt_BR: {
        body: 'Olá, {{1}}. Há um aviso sobre um atendimento na {{2}}: {{3}}. A pessoa é {{4}}. Por favor, abra a conversa e veja se é preciso responder.',
        buttons: [],
        examples: { name: 'equipe', third: 'nota 2 de 5', fourth: 'Ana Souza' },
      },
      en: {
        body: 'Hello, {{1}}. There is a notice about a visit to {{2}}: {{3}}. The person is {{4}}. Please open the conversation and see whether an answer is needed.',
        buttons: [],
        examples: { name: 'team', third: 'rating 2 of 5', fourth: 'Ana Souza' },
      },
    },
  },
};
