import { asList, asObject, onlyKeys } from '../graph/validation.ts';
import { needText } from './content.ts';
import { refused } from './errors.ts';
import type { RenderedCard } from './model.ts';

type Json = Record<string, unknown>;
type Button = RenderedCard['buttons'][number];

/** How a send names each kind of button, and the parameter that it takes. Source: section D.3. */
const SUB_TYPES: Record<string, { subType: string; parameter: string }> = {
  URL: { subType: 'url', parameter: 'text' },
  QUICK_REPLY: { subType: 'quick_reply', parameter: 'payload' },
  COPY_CODE: { subType: 'copy_code', parameter: 'coupon_code' },
  FLOW: { subType: 'flow', parameter: 'action' },
  CATALOG: { subType: 'catalog', parameter: 'action' },
  MPM: { subType: 'mpm', parameter: 'action' },
};

const COUPON_MAX = 20;

/** The buttons of a template with what the send brought for them. @throws GraphError 131008, 132012 */
export function renderButtons(definition: Json | undefined, sent: readonly Json[]): Button[] {
  const defined = Array.isArray(definition?.buttons) ? (definition.buttons as Json[]) : [];
  const given = new Map<number, Json>();
  for (const component of sent) {
    const index = Number(component.index);
    if (defined[index] === undefined || !/^\d+$/.test(String(component.index))) {
      throw refused(132012, `The template has no button at index ${String(component.index)}.`);
    }
    if (given.has(index)) throw refused(132012, `Button ${index} is given twice.`);
    given.set(index, component);
  }
  return defined.map((button, index) => renderButton(button, index, given.get(index)));
}

function renderButton(button: Json, index: number, sent: Json | undefined): Button {
  const type = String(button.type);
  const base: Button = {
    type,
    text: typeof button.text === 'string' ? button.text : labelOf(type),
  };
  const value = sent === undefined ? undefined : parameterOf(type, index, sent);
  switch (type) {
    case 'URL': {
      const url = String(button.url);
      const hasPlace = url.includes('{{');
      if (hasPlace && value === undefined) throw missing(index, 'Url');
      if (!hasPlace && value !== undefined) {
        throw refused(132012, `Button at index ${index} takes no parameter.`);
      }
      const ending = typeof value === 'string' ? value : '';
      return { ...base, url: url.replace(/\{\{[^}]*\}\}/, () => ending) };
    }
    case 'QUICK_REPLY':
      // Without a payload a tap brings the text of the button.
      return { ...base, payload: typeof value === 'string' ? value : base.text };
    case 'PHONE_NUMBER':
      if (sent !== undefined) throw refused(132012, `Button at index ${index} takes no parameter.`);
      return { ...base, phone: String(button.phone_number) };
    case 'COPY_CODE':
      if (typeof value !== 'string') throw missing(index, 'copy code');
      return { ...base, payload: value };
    case 'MPM':
      if (value === undefined) throw missing(index, 'mpm');
      return base;
    default:
      return base;
  }
}

function parameterOf(type: string, index: number, sent: Json): unknown {
  const known = SUB_TYPES[type];
  if (known === undefined || sent.sub_type !== known.subType) {
    throw refused(
      132012,
      `Button at index ${index} is of type ${type}, not ${String(sent.sub_type)}.`,
    );
  }
  if (sent.parameters === undefined) return undefined;
  const path = `buttons[${index}].parameters`;
  const [item] = asList(sent.parameters, path, 1, 1);
  const parameter = asObject(item, `${path}[0]`);
  const { parameter: key } = known;
  onlyKeys(parameter, ['type', key], `${path}[0]`);
  if (parameter.type !== key) {
    throw refused(132012, `${path}[0].type must be ${key}, not ${String(parameter.type)}.`);
  }
  if (key === 'action') return asObject(parameter.action, `${path}[0].action`);
  return needText(parameter, key, `${path}[0]`, key === 'coupon_code' ? COUPON_MAX : undefined);
}

function labelOf(type: string): string {
  return { COPY_CODE: 'Copiar código', CATALOG: 'Ver catálogo', MPM: 'Ver itens' }[type] ?? type;
}

function missing(index: number, kind: string): Error {
  return refused(131008, `buttons: Button at index ${index} of type ${kind} requires a parameter`);
}
