import { textWithChoices } from '../../../core/messaging/numbered';
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
    expect(textWithChoices(asGiven(replies), telegram)).toBe(
      'Como podemos ajudar?\n\n1 - Agendar consulta\n2 - Saber preços',
    );
  });

  it('name what a button would open', () => {
    const buttons = {
      type: 'buttons',
      text: 'Até amanhã!',
      buttons: [
        { type: 'postback', title: 'Confirmar', payload: 'CONFIRM:1' },
        { type: 'url', title: 'Mapa', url: 'https://clinica.example/mapa' },
        { type: 'phone', title: 'Ligar', phone: '+551130001000' },
      ],
    };
    expect(textWithChoices(asGiven(buttons), telegram)).toBe(
      'Até amanhã!\n\n1 - Confirmar\n2 - Mapa: https://clinica.example/mapa\n3 - Ligar: +551130001000',
    );
  });

  it('are left to channels that show them, and what asks for a number is left as it is', () => {
    expect(textWithChoices(asGiven(replies), whatsAppAbilities('whatsapp')!)).toBeNull();
    const asking = { ...replies, quickReplies: [{ kind: 'phone' }] };
    expect(textWithChoices(asGiven(asking), telegram)).toBeNull();
    expect(textWithChoices({ type: 'text', text: 'Oi' }, telegram)).toBeNull();
  });
});
