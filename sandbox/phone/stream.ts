import type { ServerResponse } from 'node:http';
import type { GraphCall } from '../control/calls.ts';
import type { Conversation, Delivery, Message } from '../model.ts';

const HEARTBEAT_MS = 15_000;

interface Listener {
  response: ServerResponse;
  personaId: string;
}

/** Server-Sent Events to the phone pages that are open. */
export class PhoneStream {
  readonly #listeners = new Set<Listener>();
  readonly #onMessageShown: (personaId: string) => void;
  #heartbeat: NodeJS.Timeout | undefined;

  /** @param onMessageShown called when a message reaches a phone that is open on its person. */
  constructor(onMessageShown: (personaId: string) => void) {
    this.#onMessageShown = onMessageShown;
  }

  /** Keeps a response open as the stream of one person. */
  open(response: ServerResponse, personaId: string): void {
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    response.write(': open\n\n');
    const listener = { response, personaId };
    this.#listeners.add(listener);
    response.on('close', () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#stopHeartbeat();
    });
    this.#heartbeat ??= setInterval(() => {
      for (const item of this.#listeners) item.response.write(': still here\n\n');
    }, HEARTBEAT_MS);
  }

  /** A message is new or has changed (reaction, read, deleted). */
  messageChanged(message: Message): void {
    const reached = this.#send(message.personaId, 'message', message);
    if (reached && message.direction === 'out' && message.deliveredAt === undefined) {
      this.#onMessageShown(message.personaId);
    }
  }

  /** Typing or seen has changed. */
  conversationChanged(conversation: Conversation): void {
    this.#send(conversation.personaId, 'conversation', conversation);
  }

  /** A comment of the person is new, or was answered in private. */
  commentChanged(personaId: string): void {
    this.#send(personaId, 'comment', {});
  }

  /** Ice breakers or menu of an account have changed; open pages read them anew. */
  profileChanged(accountId: string): void {
    this.#broadcast('profile', { accountId });
  }

  /** A webhook was made or tried; every open page may show it. */
  deliveryChanged(delivery: Delivery): void {
    const { id, object, events, attempts, state, createdAt, copies, badSignature } = delivery;
    const summary = { id, object, events, attempts, state, createdAt, copies, badSignature };
    this.#broadcast('delivery', summary);
  }

  /** A call to the Graph was answered. */
  callMade(call: GraphCall): void {
    this.#broadcast('call', call);
  }

  /** The sandbox's clock was moved to this distance from real time. */
  clockMoved(offset: number): void {
    this.#broadcast('clock', { offset });
  }

  /** Everything was reset: pages load anew. */
  resetAll(): void {
    this.#broadcast('reset', {});
  }

  close(): void {
    this.#stopHeartbeat();
    for (const listener of this.#listeners) listener.response.destroy();
    this.#listeners.clear();
  }

  #broadcast(event: string, data: unknown): void {
    for (const listener of this.#listeners) write(listener.response, event, data);
  }

  #send(personaId: string, event: string, data: unknown): boolean {
    let reached = false;
    for (const listener of this.#listeners) {
      if (listener.personaId !== personaId) continue;
      write(listener.response, event, data);
      reached = true;
    }
    return reached;
  }

  #stopHeartbeat(): void {
    clearInterval(this.#heartbeat);
    this.#heartbeat = undefined;
  }
}

function write(response: ServerResponse, event: string, data: unknown): void {
  response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
