import { readTyped, textWithChoices } from '../../../core/messaging/numbered';
import { notificaMeAbilities } from '../../../core/providers/notificame/abilities';
import { whatsAppAbilities } from '../../../core/providers/whatsapp-cloud/abilities';

const telegram = notificaMeAbilities('telegram')!;
const replies = {
  type: 'quickReplies',
  text: 'Como podemos ajudar?',
  quickReplies: [
    { title: 'Agendar consulta', payload: 'BOOK' },
    { title: 'Saber preços', payload: 'PRICES' },
  ],
} as const;
const asGiven = <T>(value: T) => structuredClone(value) as never;

describe('choices on a channel without buttons', () => {
  it('stand in the text, each with its number', () => {
    expect(textWithChoices(asGiven(replies), telegram)).toEqual({
      type: 'text',
      text: 'Como podemos ajudar?\n\n1 - Agendar consulta\n2 - Saber preços',
      choices: [
        { number: 1, title: 'Agendar consulta', payload: 'BOOK' },
        { number: 2, title: 'Saber preços', payload: 'PRICES' },
      ],
    });
  });

  it('name what a button would open', () => {
    const buttons = {
      type: 'buttons',
      text: 'Até amanhã!',
      buttons: [
        { type: 'url', title: 'Mapa', url: 'https://clinica.example/mapa' },
        { type: 'phone', title: 'Ligar', phone: '+551130001000' },
        { type: 'postback', title: 'Confirmar', payload: 'CONFIRM:1', words: ['sim'] },
      ],
    };
    // Nobody types the first two, and the third keeps its number.
    expect(textWithChoices(asGiven(buttons), telegram)).toEqual({
      type: 'text',
      text: 'Até amanhã!\n\n1 - Mapa: https://clinica.example/mapa\n2 - Ligar: +551130001000\n3 - Confirmar',
      choices: [{ number: 3, title: 'Confirmar', payload: 'CONFIRM:1', words: ['sim'] }],
    });
  });

  it('are left to channels that show them, and what asks for a number is left as it is', () => {
    expect(textWithChoices(asGiven(replies), whatsAppAbilities('whatsapp')!)).toBeNull();
    const asking = { ...replies, quickReplies: [{ kind: 'phone' }] };
    expect(textWithChoices(asGiven(asking), telegram)).toBeNull();
    expect(textWithChoices({ type: 'text', text: 'Oi' }, telegram)).toBeNull();
  });
});

describe('what somebody types', () => {
  const choices = [
    { number: 1, title: 'Confirmar', payload: 'CONFIRM:1', words: ['sim', 'confirmo'] },
    { number: 2, title: 'Remarcar', payload: 'RESCHEDULE:1' },
    { number: 3, title: 'Não vou', payload: 'CANCEL:1', words: ['não', 'ok'] },
    { number: 4, title: 'Ok', payload: 'OK' },
  ];

  it.each([
    ['1', 1],
    [' 2. ', 2],
    ['3️⃣', 3],
    ['1 - Confirmar', 1],
    ['CONFIRMAR!', 1],
    ['Sim', 1],
    ['confirmo', 1],
    ['nao', 3],
    ['nao vou', 3],
  ])('is a choice by its number, its label or a word of its own: %s', (text, number) => {
    expect(readTyped(choices, text)?.number).toBe(number);
  });

  it.each(['5', '12', 'sim, mas às 15h?', 'quero remarcar', 'ok', '👍', ''])(
    'is conversation where it is more than that, or could be two of them: %s',
    (text) => expect(readTyped(choices, text)).toBeNull(),
  );

  it('is conversation where a number stands before one label and in another', () => {
    const grades = ['5 - Ótimo', '4 - Bom', '3 - Regular', '2 - Ruim', '1 - Péssimo'];
    const offered = grades.map((title, index) => ({ number: index + 1, title, payload: title }));
    expect(readTyped(offered, '5')).toBeNull();
    expect(readTyped(offered, '3')?.title).toBe('3 - Regular');
    expect(readTyped(offered, '5 - ótimo')?.title).toBe('5 - Ótimo');
    expect(readTyped(offered, 'Péssimo')).toBeNull();
  });
});
