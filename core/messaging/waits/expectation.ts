/** One of the answers that a question offers. */
export interface WaitOption {
  label: string;
  approved: boolean;
}

/** What a question waits for. */
export type WaitExpectation =
  | { kind: 'freeText' }
  | {
      kind: 'approval';
      options: WaitOption[];
      /** The channel shows no buttons: the options stand in the text, each with its number. */
      numbered: boolean;
    };

/** What became of a question; `notSent` where the message turned out never to have left. */
export type WaitAnswer =
  | { approved: boolean; respondedAt: string }
  | { text: string; respondedAt: string }
  | { notSent: string };

/** What a tap on a button of a question carries. */
const PAYLOAD = /^omnichannel-wait:([0-9A-HJKMNP-TV-Z]{26}):([01])$/;

/** @returns at most 45 characters: every channel with buttons carries that */
export function payloadOf(waitId: string, { approved }: WaitOption): string {
  return `omnichannel-wait:${waitId}:${approved ? 1 : 0}`;
}

/** The question that a tap answers; null for every other payload. */
export function readPayload(payload: string | null): { waitId: string; approved: boolean } | null {
  const [, waitId, choice] = PAYLOAD.exec(payload ?? '') ?? [];
  return waitId === undefined ? null : { waitId, approved: choice === '1' };
}

/**
 * What a text says to a question. To one with options it has to be an option's number, where they have numbers, or
 * exactly its words, whatever the case and accents: everything else is conversation.
 * @returns null when it is no answer
 */
export function readAnswer(
  expects: WaitExpectation,
  given: string | null,
): { approved: boolean } | { text: string } | null {
  const text = given?.trim() ?? '';
  if (text === '') return null;
  if (expects.kind === 'freeText') return { text };
  const said = fold(text);
  const chosen = expects.options.find(
    ({ label }, index) => said === fold(label) || (expects.numbered && said === String(index + 1)),
  );
  return chosen ? { approved: chosen.approved } : null;
}

/** Letters and digits alone: people answer "1.", "sim!" and "Não". */
function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N} ]/gu, '')
    .toLowerCase()
    .replace(/\s+/gu, ' ')
    .trim();
}
