'use strict';

/*
 * A process that sends WhatsApp messages and hears of them, as n8n does with the nodes in it: its environment says which
 * store, SENDER holds { port, whatsApp }. It says { ready: accountId } once the number is connected, sends what it is
 * given by { send: { to, text } } under the text as its key, and says { result } of each.
 */

const http = require('node:http');
const { connectLogin, fingerprintOf } = require('../../../dist/core/accounts');
const { recordInbound, sendMessage } = require('../../../dist/core/messaging');
const {
  answerHandshake,
  loginOfWhatsApp,
  parseWhatsAppWebhook,
  readMetaBody,
  verifyMetaSignature,
} = require('../../../dist/core/providers/whatsapp-cloud');
const { openApp } = require('../../../dist/core/runtime');
const { buildHost } = require('../../../dist/nodes/host');

const { port, whatsApp } = JSON.parse(process.env.SENDER ?? '{}');
const TENANT = 'default';
/** Messages on their way at a time. */
const LANES = 4;

/** @param {unknown} message */
const say = (message) => {
  if (process.connected) process.send?.(message);
};

/** @param {import('node:http').IncomingMessage} request */
async function bytesOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function main() {
  const app = await openApp(buildHost());
  const door = http.createServer(async (request, response) => {
    try {
      if (request.method === 'GET') {
        const { searchParams } = new URL(request.url ?? '/', 'http://door');
        const query = Object.fromEntries(searchParams);
        const { status, body } = answerHandshake(query, whatsApp.verifyToken);
        response.writeHead(status).end(body);
        return;
      }
      const rawBody = await bytesOf(request);
      const signature = String(request.headers['x-hub-signature-256']);
      if (!verifyMetaSignature(rawBody, signature, [whatsApp.appSecret])) throw new Error('forged');
      const { events } = parseWhatsAppWebhook(readMetaBody(rawBody));
      await recordInbound(app, { tenantId: TENANT, doorId: 'door-of-the-test', events });
      response.end('OK');
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  await new Promise((resolve) => door.listen(port, '127.0.0.1', () => resolve(undefined)));
  const accounts = await connectLogin(app, {
    tenantId: TENANT,
    provider: 'whatsapp_cloud',
    source: { kind: 'credential', id: 'credential-3' },
    fingerprint: fingerprintOf(app, whatsApp),
    secrets: loginOfWhatsApp(whatsApp),
    isFresh: false,
    subscribes: false,
  });
  const account = accounts.find(({ externalId }) => externalId === whatsApp.phoneNumberId);
  /** @param {{ to: string, text: string }} message */
  const send = ({ to, text }) =>
    sendMessage(app, {
      tenantId: TENANT,
      accountId: account?.id,
      recipientExternalId: to,
      content: { type: 'text', text },
      idempotencyKey: text,
    }).then(
      (result) => say({ result: { ...result, text } }),
      (error) => say({ failure: String(error?.stack ?? error) }),
    );
  const lanes = Array.from({ length: LANES }, () => Promise.resolve());
  let turn = 0;
  process.on('message', (/** @type {{ send: { to: string, text: string } }} */ message) => {
    const lane = turn++ % LANES;
    lanes[lane] = lanes[lane].then(() => send(message.send)).then(() => undefined);
  });
  say({ ready: account?.id });
}

main().catch((error) => say({ failure: String(error?.stack ?? error) }));
