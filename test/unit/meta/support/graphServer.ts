import { createHttpClient } from '../../../../core/http';
import type { HttpClient } from '../../../../core/http';
import { silentLogger } from '../../http/support/clients';
import { sendJson, startLocalServer } from '../../http/support/localServer';
import type { Answer, LocalServer } from '../../http/support/localServer';

export interface GraphServer {
  server: LocalServer;
  http: HttpClient;
  /** What the server answers from now on. */
  answerWith(answer: Answer): void;
  answerError(error: object, status?: number, headers?: Record<string, string>): void;
  close(): Promise<void>;
}

/** A real HTTP server in the place of the Graph API, and a client for it. */
export async function startGraphServer(): Promise<GraphServer> {
  let current: Answer = (_request, response) => sendJson(response, {});
  const server = await startLocalServer((request, response) => current(request, response));
  const http = createHttpClient({ userAgent: 'test', logger: silentLogger, env: {} });
  return {
    server,
    http,
    answerWith(answer) {
      server.requests.length = 0;
      current = answer;
    },
    answerError(error, status = 400, headers = {}) {
      server.requests.length = 0;
      current = (_request, response) => {
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        response.end(
          JSON.stringify({ error: { message: 'words of Meta', fbtrace_id: 'T', ...error } }),
        );
      };
    },
    async close() {
      await server.close();
      await http.close();
    },
  };
}
