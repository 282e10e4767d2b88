import { randomUUID } from 'node:crypto';
import { html } from '../login/html.ts';
import type { Reply, Request } from '../http.ts';
import type { Context } from '../context.ts';
import type { HubChannelType } from './model.ts';

const TYPES: Record<string, HubChannelType> = {
  whatsapp: 'whatsapp_business_account',
  instagram: 'instagram',
  facebook: 'facebook',
};

/**
 * `GET /v2/oauth/meta/start`: the popup. Agreeing makes a channel, and posts `{status:"channel-success"}` to the page
 * that opened it; nothing comes back by address.
 */
export function connectPage(context: Context, request: Request): Reply {
  const company = request.query.get('company_uuid') ?? '';
  const type = request.query.get('type') ?? '';
  const origin = request.query.get('redirect_origin') ?? '';
  const { companies, channels } = context.store.state.notificaMe;
  const known = companies[company];
  if (!known) return page(html`<h1>Invalid company</h1>`, 401);
  const kind = TYPES[type];
  if (!kind) return page(html`<h1>Invalid type</h1>`, 422);
  if (request.method === 'POST') {
    const own = Object.values(channels).filter((one) => one.company === company);
    if (own.length >= known.channelLimit) return page(html`<h1>channel limit exceeded</h1>`);
    const id = randomUUID();
    const name = new URLSearchParams(request.body.toString('utf8')).get('name') || 'Novo canal';
    channels[id] = { id, company, type: kind, name, status: 'active' };
    context.store.changed();
    return page(
      html`<h1>Canal conectado</h1>
        <p>Você pode fechar esta janela.</p>`,
      200,
      `window.opener && window.opener.postMessage({status:"channel-success"}, ${JSON.stringify(origin || '*')}); setTimeout(() => window.close(), 500);`,
    );
  }
  const action = `?${request.query.toString()}`;
  return page(html`
    <h1>Conectar ${type}</h1>
    <p>${known.name} pede acesso à sua conta.</p>
    <form method="post" action="${action}">
      <label>Nome do canal <input name="name" value="Canal ${type} da Ana" /></label>
      <button>Continuar</button>
    </form>
  `);
}

function page(body: ReturnType<typeof html>, status = 200, script = ''): Reply {
  const safe = script.replaceAll('<', '\\u003c');
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: `<!doctype html><html lang="pt-BR"><meta charset="utf-8"><title>NotificaMe (sandbox)</title><body>${body.text}${safe === '' ? '' : `<script>${safe}</script>`}</body></html>`,
  };
}
