import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { takeResumption, type WaitAnswer } from '../../../../core/messaging';
import type { Store } from '../../../../core/store/store';

/** What n8n does with one call to a resume address; see facts of n8n 2.40. */
export type Doing =
  /** The execution waits: our webhook runs, and the execution goes on. */
  | 'waits'
  /** Our webhook runs, and n8n is killed before it has answered. */
  | 'waitsThenCut'
  | 'running'
  | 'gone'
  /** A page in place of an answer, with status 200: the execution is over. */
  | 'page'
  | 'cut'
  /** Something else listens there. */
  | 'stranger';

const PAGE = '<html><body><h1>No action required</h1></body></html>';

/** n8n with one execution, over real HTTP. */
export class FakeExecution {
  readonly path = '/webhook-waiting/77/node-1?signature=0f1e2d';
  /** Consumed from the front; then the last goes on. */
  doings: Doing[] = ['waits'];
  calls = 0;
  /** What the execution went on with, in order. */
  readonly resumedWith: WaitAnswer[] = [];
  /** The last call's body, to be posted once more. */
  lastBody: unknown;
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    this.lastBody = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    this.calls += 1;
    const doing = this.doings.length > 1 ? this.doings.shift() : this.doings[0];
    const json = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    const html = (status: number, body: string) => {
      response.writeHead(status, { 'content-type': 'text/html' });
      response.end(body);
    };
    switch (doing) {
      case 'running':
        return json(409, { code: 409, message: 'The execution "77" is running already.' });
      case 'gone':
        return json(404, { code: 404, message: 'The execution "77" does not exist.' });
      case 'page':
        return html(200, PAGE);
      case 'stranger':
        return html(200, '<html><body>Log in</body></html>');
      case 'cut':
        request.socket.destroy();
        return;
      default:
        break;
    }
    const body = this.lastBody;
    const answer = await takeResumption({ store: this.#store }, { body, path: request.url ?? '' });
    if (answer) this.resumedWith.push(answer);
    if (doing === 'waitsThenCut') request.socket.destroy();
    else json(200, { omnichannelResumed: answer !== null });
  }
}
