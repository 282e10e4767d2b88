import http from 'node:http';
import https from 'node:https';

export interface PostOutcome {
  /** null when no answer came in time. */
  status: number | null;
  durationMs: number;
  error?: string;
}

/** Makes the calls to callback addresses; keeps connections open as the vendor does. */
export class WebhookPoster {
  readonly #http = new http.Agent({ keepAlive: true });
  readonly #https = new https.Agent({ keepAlive: true });

  /** Posts exactly these bytes; redirects are answers like any other and are not followed. */
  post(url: string, body: string, signature: string, timeoutMs: number): Promise<PostOutcome> {
    return this.#call(
      url,
      'POST',
      {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
        'user-agent': 'facebookexternalua',
        'x-hub-signature-256': signature,
      },
      body,
      timeoutMs,
    );
  }

  /** JSON without a signature, as NotificaMe posts it. */
  postPlain(url: string, body: string, timeoutMs: number): Promise<PostOutcome> {
    const headers = {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
    };
    return this.#call(url, 'POST', headers, body, timeoutMs);
  }

  /** A form, as `signed_request` comes. The text of the answer is cut at 4 KB. */
  postForm(url: string, body: string, timeoutMs: number): Promise<PostOutcome & { text: string }> {
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': 'facebookplatform/1.0',
    };
    return this.#call(url, 'POST', headers, body, timeoutMs);
  }

  /** The handshake's GET. The text of the answer is cut at 4 KB. */
  get(url: string, timeoutMs: number): Promise<PostOutcome & { text: string }> {
    return this.#call(url, 'GET', { 'user-agent': 'facebookplatform/1.0' }, '', timeoutMs);
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }

  #call(
    url: string,
    method: string,
    headers: Record<string, string>,
    body: string,
    timeoutMs: number,
  ): Promise<PostOutcome & { text: string }> {
    const started = performance.now();
    return new Promise((resolve) => {
      const finish = (status: number | null, text: string, error?: string): void => {
        clearTimeout(timer);
        const durationMs = Math.round(performance.now() - started);
        resolve({ status, durationMs, text, ...(error === undefined ? {} : { error }) });
      };
      const secure = url.startsWith('https:');
      const request = (secure ? https : http).request(
        url,
        { method, headers, agent: secure ? this.#https : this.#http },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => {
            if (text.length < 4096) text += chunk;
          });
          response.on('end', () => finish(response.statusCode ?? null, text.slice(0, 4096)));
          response.on('error', (error) => finish(null, '', error.message));
        },
      );
      const timer = setTimeout(() => {
        request.destroy(new Error(`no answer within ${timeoutMs} ms`));
      }, timeoutMs);
      request.on('error', (error) => finish(null, '', error.message));
      request.end(body);
    });
  }
}
