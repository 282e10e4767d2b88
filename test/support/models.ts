import type { ChatRequest, Turn } from './openAi.ts';

/** What the agent asked of the model. */
export const promptOf = (request: ChatRequest | undefined): string =>
  JSON.stringify(request?.messages.findLast(({ role }) => role === 'user')?.content ?? '');

/** An assistant of a clinic, as its instructions want it. */
export function playAssistant(request: ChatRequest): Turn {
  if (request.messages.at(-1)?.role === 'tool') return { text: 'Uma pessoa continua com você.' };
  const asked = promptOf(request).split('Answer what the customer wrote last:').at(-1) ?? '';
  if (asked.includes('sábado')) return { text: 'De segunda a sexta.' };
  if (asked.includes('limpeza')) return { text: 'A limpeza depende da avaliação.' };
  if (asked.includes('reclamar')) {
    return { toolCalls: [{ name: 'Call_a_person', arguments: { reason: 'a complaint' } }] };
  }
  throw new Error('The model is overloaded.');
}

/** A model that wants to send an offer, and then says what became of it. */
export function playAgent({ messages, tools }: ChatRequest): Turn {
  const result = messages.findLast(({ role }) => role === 'tool');
  if (!result) {
    const name = tools?.[0]?.function.name ?? '';
    const call = { toolParameters: { text: '10% para você' }, hitlParameters: {} };
    return { toolCalls: [{ name, arguments: call }] };
  }
  const isSent = JSON.stringify(result.content).includes('sent');
  return { text: isSent ? 'Enviei a oferta.' : 'Hoje não há oferta.' };
}
