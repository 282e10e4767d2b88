import { createHmac } from 'node:crypto';
import { PAGE } from './traffic.ts';
import type { Messages } from './workflows.ts';

/** Meta puts up to so many messages into one webhook call. */
const PER_CALL = 100;

/** Lets each person write once, through the door and signed as by Meta: only then may they be written to. */
export async function letEverybodyWrite(doorUrl: string, messages: Messages): Promise<void> {
  for (let first = 0; first < messages.count; first += PER_CALL) {
    const indexes = Array.from(
      { length: Math.min(PER_CALL, messages.count - first) },
      (_, index) => first + index,
    );
    const body = JSON.stringify({
      object: 'page',
      entry: [
        {
          id: PAGE.id,
          time: Date.now(),
          messaging: indexes.map((index) => ({
            sender: { id: String(messages.firstRecipient + index) },
            recipient: { id: PAGE.id },
            timestamp: Date.now(),
            message: { mid: `m_in_${index}`, text: 'Oi' },
          })),
        },
      ],
    });
    const signature = createHmac('sha256', PAGE.appSecret).update(body).digest('hex');
    const response = await fetch(doorUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-hub-signature-256': `sha256=${signature}`,
      },
      body,
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`The door refused a call with ${response.status}: ${text}`);
  }
}
