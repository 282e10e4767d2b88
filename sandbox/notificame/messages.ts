import { randomBytes, randomUUID } from 'node:crypto';
import { isRecord, type Reply, type Request } from '../http.ts';
import type { Context } from '../context.ts';
import { failed, invalid, ok, pageNotFound } from './answers.ts';
import { problemOf } from './contents.ts';
import { fetchFiles } from './files.ts';
import type { HubChannel, HubMessage } from './model.ts';
import { tellMessage, tellStatus } from './poster.ts';

/** Whose messages live under /v2; one integrator needed it for facebook too, so both answer there. */
const UNDER_V2 = ['whatsapp', 'instagram', 'tiktok'];
const BOTH = ['facebook'];

/** Zenvia's dialect refuses longer ids. */
const MAX_ID = 64;

/** `POST /v{1,2}/channels/{channel}/messages` */
export function sendMessage(
  context: Context,
  request: Request,
  { company, version, path }: { company: string; version: string; path: string },
): Reply {
  const { settings, channels } = context.store.state.notificaMe;
  const isRight = BOTH.includes(path) || UNDER_V2.includes(path) === (version === 'v2');
  if (settings.strictVersions && !isRight) return pageNotFound();
  const body = bodyOf(request);
  if (body === null) return invalid('', 'the body is not JSON');
  const { from, to, contents } = body;
  if (typeof from !== 'string' || from === '') return invalid('from', 'from is required');
  if (typeof to !== 'string' || to === '') return invalid('to', 'to is required');
  for (const [name, id] of Object.entries({ from, to })) {
    if (id.length > MAX_ID) return invalid(name, `String too long (${id.length}) above ${MAX_ID}`);
  }
  const channel = channels[from];
  if (channel?.company !== company || pathOf(channel) !== path) {
    return failed(`Nenhum canal de ${path} liberado`);
  }
  if (channel.status !== 'active') return failed('Channel is disconnected');
  const problem = problemOf(channel.type, contents);
  if (problem) return invalid(problem.path, problem.message);
  const message = store(context, channel, {
    personId: personOf(context, channel, to),
    direction: 'OUT',
    contents: contents as HubMessage['contents'],
    ...(typeof body.messageId === 'string' ? { quoted: body.messageId } : {}),
  });
  void fetchFiles(context, message);
  const { id, direction } = message;
  for (const code of settings.statuses) setImmediate(() => tellStatus(context, message, code));
  return ok({ id, from, to, direction, contents });
}

export function bodyOf(request: Request): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(request.body.toString('utf8'));
    return isRecord(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

export function pathOf({ type }: HubChannel): string {
  return type === 'whatsapp_business_account' ? 'whatsapp' : type;
}

/** Brazilian mobiles are known with and without their ninth digit. */
function personOf({ store }: Context, channel: HubChannel, to: string): string {
  const { people } = store.state.notificaMe;
  const bare = to.replace(/^\+/, '');
  const forms = [
    bare,
    bare.replace(/^(55\d{2})9(\d{8})$/, '$1$2'),
    bare.replace(/^(55\d{2})(\d{8})$/, '$19$2'),
  ];
  const known = forms.find((form) => people[form]?.channelId === channel.id);
  if (known !== undefined) return known;
  people[bare] = { id: bare, channelId: channel.id, name: bare, firstName: bare };
  return bare;
}

/** Keeps a message under two ids, which differ in every pair that was compared. */
function store(
  context: Context,
  channel: HubChannel,
  facts: Pick<HubMessage, 'personId' | 'direction' | 'contents' | 'quoted'>,
): HubMessage {
  const message: HubMessage = {
    id: randomUUID(),
    providerMessageId: Buffer.from(`wamid.${randomBytes(18).toString('hex')}`).toString('base64'),
    channelId: channel.id,
    createdAt: context.store.now(),
    ...facts,
  };
  context.store.state.notificaMe.messages.push(message);
  context.store.changed();
  return message;
}

/** A person writes, or somebody does in the hub's own inbox. */
export function write(
  context: Context,
  channel: HubChannel,
  facts: Pick<HubMessage, 'personId' | 'direction' | 'contents'>,
): { message: HubMessage; posts: string[] } {
  const message = store(context, channel, facts);
  return { message, posts: tellMessage(context, message) };
}
