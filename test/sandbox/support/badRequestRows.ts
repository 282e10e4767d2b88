import type { Channel } from '../../../sandbox/model.ts';
import type { Harness } from './harness.ts';

/** A call that must be refused. Places in `{}` are filled with the seed's ids. */
export interface BadRequest {
  /** What is wrong, with the section of the fact sheets that says so. */
  name: string;
  channel: Channel;
  method: string;
  path: string;
  params: Record<string, unknown>;
  headers?: Record<string, string>;
  /** Something that must be so before the call. */
  before?: (harness: Harness) => Promise<unknown>;
  code: number;
  subcode?: number;
  /** The refusal is the sandbox's own: its message starts with `sandbox:`. */
  own?: boolean;
}

type More = Pick<BadRequest, 'subcode' | 'own' | 'before' | 'headers'>;

export const https = 'https://cdn.example';

/** A send to the first person of the channel with these parameters changed. */
export function send(
  name: string,
  channel: Channel,
  changed: Record<string, unknown>,
  code: number,
  more: More = {},
): BadRequest {
  const params = {
    recipient: { id: '{person}' },
    messaging_type: 'RESPONSE',
    message: { text: 'Olá' },
    ...changed,
  };
  return { name, channel, method: 'POST', path: '/{page}/messages', params, code, ...more };
}

export const message = (
  name: string,
  channel: Channel,
  content: unknown,
  code = 100,
  more: More = {},
): BadRequest => send(name, channel, { message: content }, code, more);

export const template = (
  name: string,
  channel: Channel,
  payload: Record<string, unknown>,
  more: More = {},
): BadRequest => message(name, channel, { attachment: { type: 'template', payload } }, 100, more);

export const buttons = (
  name: string,
  channel: Channel,
  list: unknown,
  more: More = {},
): BadRequest =>
  template(name, channel, { template_type: 'button', text: 'Confirma?', buttons: list }, more);

export const cards = (
  name: string,
  channel: Channel,
  elements: unknown,
  more: More = {},
): BadRequest => template(name, channel, { template_type: 'generic', elements }, more);

export const quick = (
  name: string,
  list: unknown,
  channel: Channel = 'messenger',
  more: More = {},
): BadRequest => message(name, channel, { text: 'Qual turno?', quick_replies: list }, 100, more);

export const media = (
  name: string,
  channel: Channel,
  type: string,
  url: string,
  subcode?: number,
): BadRequest =>
  message(
    name,
    channel,
    { attachment: { type, payload: { url } } },
    100,
    subcode === undefined ? {} : { subcode },
  );

export function get(
  name: string,
  path: string,
  code: number,
  more: More & { params?: Record<string, unknown> } = {},
): BadRequest {
  const { params = {}, ...rest } = more;
  return { name, channel: 'messenger', method: 'GET', path, params, code, ...rest };
}

export const action = (
  name: string,
  channel: Channel,
  params: Record<string, unknown>,
  more: More = {},
): BadRequest => ({
  name,
  channel,
  method: 'POST',
  path: '/{page}/messages',
  params: { recipient: { id: '{person}' }, ...params },
  code: 100,
  ...more,
});

export const postback = { type: 'postback', title: 'Sim', payload: 'YES' };
export const reply = { content_type: 'text', title: 'Manhã', payload: 'M' };
