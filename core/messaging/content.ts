import type { Attachment, MessageType, OutboundContent } from '../model';

/** The parts of a stored message that its content decides. */
export interface MessageWords {
  type: MessageType;
  text: string | null;
  attachments: Attachment[];
  /** For our own messages the whole content: buttons and quick replies have no columns. */
  raw: unknown;
}

export function wordsOf(content: OutboundContent): MessageWords {
  if (content.type === 'image') {
    return {
      type: 'image',
      text: null,
      attachments: [{ type: 'image', url: content.url }],
      raw: content,
    };
  }
  // PostgreSQL's text holds no NUL, and what the provider has accepted must not fail to be stored.
  const text = content.text.replaceAll('\0', '');
  return { type: content.type, text, attachments: [], raw: content };
}
