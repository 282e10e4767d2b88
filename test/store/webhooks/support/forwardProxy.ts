import { request } from 'node:http';
import { startLocalServer, type LocalServer } from '../../../unit/http/support/localServer';

/** A proxy of the simplest kind: passes plain HTTP on to where it is addressed. @param port default a free one */
export async function startForwardProxy(port?: number): Promise<LocalServer> {
  return await startLocalServer((asked, response) => {
    const { method, headers, body } = asked;
    const onward = request(asked.url, { method, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.writeHead(502).end());
    onward.end(body);
  }, port);
}
