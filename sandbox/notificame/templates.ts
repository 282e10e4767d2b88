import { randomUUID } from 'node:crypto';
import type { Reply, Request } from '../http.ts';
import type { Context } from '../context.ts';
import { failed, invalid, ok, pageNotFound, wrongMethod } from './answers.ts';
import { bodyOf } from './messages.ts';
import type { HubTemplate } from './model.ts';

/** `GET/POST /v1/templates/{channel token}`, as the community node uses it. */
export function answerTemplates(
  context: Context,
  request: Request,
  { company, version, rest }: { company: string; version: string; rest: string[] },
): Reply {
  const { channels, templates } = context.store.state.notificaMe;
  const [channelId] = rest;
  if (version !== 'v1' || channelId === undefined) return pageNotFound();
  const channel = channels[channelId];
  if (channel?.company !== company) return failed('Nenhum canal de whatsapp liberado');
  if (request.method === 'GET') {
    const own = templates.filter((one) => one.channelId === channelId);
    return ok(own.map((one) => asTold(context, one)));
  }
  if (request.method !== 'POST') return wrongMethod(request.method);
  const body = bodyOf(request);
  const { name, language, category, components } = body ?? {};
  if (typeof name !== 'string' || !/^[a-z0-9_]+$/.test(name))
    return invalid('name', 'name is invalid');
  if (!Array.isArray(components) || components.length === 0) {
    return invalid('components', 'components is required');
  }
  const template: HubTemplate = {
    id: randomUUID(),
    channelId,
    name,
    language: typeof language === 'string' ? language : 'pt_BR',
    category: typeof category === 'string' ? category : 'UTILITY',
    components: components as unknown[],
    status: 'PENDING',
    createdAt: context.store.now(),
  };
  templates.push(template);
  context.store.changed();
  return ok({ id: template.id, status: template.status, category: template.category });
}

/** Meta reviews what the hub hands on: the settings of WhatsApp's templates say when and how. */
function asTold(context: Context, { createdAt, ...template }: HubTemplate): object {
  const { templateReviewMs, templateReview } = context.store.state.settings;
  const isDue = createdAt !== undefined && context.store.now() >= createdAt + templateReviewMs;
  if (template.status !== 'PENDING' || !isDue) return template;
  return { ...template, status: templateReview === 'approve' ? 'APPROVED' : 'REJECTED' };
}
