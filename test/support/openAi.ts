import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call that the model wants to make. */
export interface ToolCall {
  name: string;
  arguments: Record<string, unknown>;
}

/** What the model says in one turn: words, or tools that it calls. */
export type Turn = { text: string } | { toolCalls: ToolCall[] };

/** One message of the dialogue as OpenAI's API has it, reduced to what tests look at. */
export interface ChatMessage {
  role: 'system' | 'user' | 'assistant' | 'tool' | 'developer';
  content: unknown;
  tool_calls?: unknown[];
  tool_call_id?: string;
}

export interface ChatRequest {
  model: string;
  messages: ChatMessage[];
  tools?: Array<{ type: 'function'; function: { name: string; parameters: unknown } }>;
  stream?: boolean;
}

/** A recording that was to be written down. */
export interface Recording {
  model: string;
  bytes: number;
  fileName: string;
}

/**
 * Stands in for OpenAI's API (chat completions with tool calls, streamed where that is asked for, and transcriptions): a
 * test says what the model answers and looks at what it was asked. Errors have OpenAI's own form.
 */
export class OpenAiStandIn {
  readonly requests: ChatRequest[] = [];
  readonly recordings: Recording[] = [];
  /** What every recording says. */
  transcription = '';
  #answer: (request: ChatRequest) => Turn = () => ({ text: 'OK' });
  #count = 0;
  readonly #server = createServer((request, response) => {
    this.#serve(request, response).catch((error: unknown) => {
      refuse(response, 500, 'server_error', String(error));
    });
  });

  /** @returns the address to put into the credential */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** From now on the model answers like this. */
  answerWith(answer: (request: ChatRequest) => Turn): void {
    this.#answer = answer;
  }

  /** The turns one after the other; a question too many is refused. */
  play(...turns: Turn[]): void {
    const left = [...turns];
    this.answerWith(() => {
      const turn = left.shift();
      if (!turn) throw new Error('The script of the model has no further turn.');
      return turn;
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    if (!request.headers.authorization?.startsWith('Bearer ')) {
      refuse(response, 401, 'invalid_request_error', "You didn't provide an API key.");
      return;
    }
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    switch (`${request.method} ${pathname}`) {
      case 'GET /v1/models':
        return send(response, { object: 'list', data: [{ id: 'gpt-stand-in', object: 'model' }] });
      case 'POST /v1/chat/completions':
        return this.#complete(JSON.parse(body.toString('utf8')) as ChatRequest, response);
      case 'POST /v1/audio/transcriptions':
        this.recordings.push(readRecording(body));
        return send(response, { text: this.transcription });
      default:
        refuse(response, 404, 'invalid_request_error', `Unknown request URL: ${pathname}`);
    }
  }

  #complete(request: ChatRequest, response: ServerResponse): void {
    this.requests.push(request);
    const turn = this.#answer(request);
    this.#count += 1;
    const about = {
      id: `chatcmpl-${this.#count}`,
      created: Math.floor(Date.now() / 1_000),
      model: request.model,
    };
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
    const message = this.#messageOf(turn);
    const finish_reason = 'toolCalls' in turn ? 'tool_calls' : 'stop';
    if (request.stream !== true) {
      const choices = [{ index: 0, message, finish_reason, logprobs: null }];
      return send(response, { ...about, object: 'chat.completion', choices, usage });
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const chunk = (delta: object, finish: string | null) => {
      const choices = [{ index: 0, delta, finish_reason: finish }];
      const data = { ...about, object: 'chat.completion.chunk', choices };
      response.write(`data: ${JSON.stringify(data)}\n\n`);
    };
    const toolCalls = message.tool_calls?.map((call, index) => ({ index, ...call }));
    chunk({ ...message, ...(toolCalls && { tool_calls: toolCalls }) }, null);
    chunk({}, finish_reason);
    response.end('data: [DONE]\n\n');
  }

  #messageOf(turn: Turn) {
    if ('text' in turn) return { role: 'assistant', content: turn.text };
    const tool_calls = turn.toolCalls.map(({ name, arguments: given }, index) => ({
      id: `call_${this.#count}_${index}`,
      type: 'function',
      function: { name, arguments: JSON.stringify(given) },
    }));
    return { role: 'assistant', content: null, tool_calls };
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function refuse(response: ServerResponse, status: number, type: string, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { message, type, param: null, code: null } }));
}

/** The fields of a multipart form that tests look at. */
function readRecording(body: Buffer): Recording {
  const text = body.toString('latin1');
  const [, model = ''] = /name="model"\r\n\r\n([^\r]*)/.exec(text) ?? [];
  const [, fileName = ''] = /filename="([^"]*)"/.exec(text) ?? [];
  const start = text.indexOf('\r\n\r\n', text.indexOf('filename="')) + 4;
  return { model, fileName, bytes: Math.max(0, text.lastIndexOf('\r\n--') - start) };
}
