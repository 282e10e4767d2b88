import { randomUUID } from 'node:crypto';
import type { Reply, Request } from '../http.ts';
import type { Context } from '../context.ts';
import { ok, wrongToken } from './answers.ts';
import { bodyOf } from './messages.ts';

/** A server of its own beside the hub: the endpoints that the source documents imagine. */
export const INSTANCES_BASE = '/instances-api';

export function answerInstances(context: Context, request: Request, path: string): Reply {
  const { companies, instances } = context.store.state.notificaMe;
  const company = request.headers['x-api-token'];
  if (typeof company !== 'string' || !companies[company]) return wrongToken();
  const own = instances.filter((one) => one.company === company);
  const route = `${request.method} ${path.replace(/\/$/, '')}`;
  if (route === 'GET /instances') return ok(own.map(shown));
  if (route === 'POST /instances/create') {
    const { platform, name } = bodyOf(request) ?? {};
    if (typeof platform !== 'string' || typeof name !== 'string') {
      return { status: 400, body: { error: 'platform and name are required' } };
    }
    const instance = { id: randomUUID(), company, platform, name, status: 'pending' as const };
    instances.push(instance);
    context.store.changed();
    return ok({ instanceId: instance.id, authUrl: authUrl(context, instance.id) });
  }
  const [, method, id, what = ''] = /^(\w+) \/instances\/([\w-]+)(?:\/(\w+))?$/.exec(route) ?? [];
  const instance = own.find((one) => one.id === id);
  if (!instance) return { status: 404, body: { error: 'instance not found' } };
  switch (`${method} ${what}`) {
    case 'GET ':
    case 'GET sync':
      return ok(shown(instance));
    case 'POST authorize':
      return ok({ ...shown(instance), authUrl: authUrl(context, instance.id) });
    case 'POST callback':
      if (typeof bodyOf(request)?.code !== 'string') {
        return { status: 400, body: { error: 'code is required' } };
      }
      instance.status = 'connected';
      context.store.changed();
      return ok({ id: instance.id, status: 'connected', platform: instance.platform });
    case 'GET qrcode':
      return ok({ id: instance.id, qrcode: `2@${instance.id}` });
    case 'DELETE ':
      instances.splice(instances.indexOf(instance), 1);
      context.store.changed();
      return ok({ success: true });
    default:
      return { status: 404, body: { error: 'not found' } };
  }
}

function authUrl(context: Context, id: string): string {
  return `${context.publicUrl()}${INSTANCES_BASE}/login/${id}`;
}

function shown({
  company: _,
  ...instance
}: {
  company: string;
  id: string;
  platform: string;
  name: string;
  status: string;
}) {
  return instance;
}
