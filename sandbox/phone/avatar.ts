import { ControlError, type Reply } from '../http.ts';
import type { Context } from '../context.ts';

const TINTS = [
  ['#f58529', '#dd2a7b'],
  ['#0a7cff', '#7a5cff'],
  ['#11998e', '#38ef7d'],
  ['#ee5d75', '#f7a440'],
  ['#5b6cff', '#21c7e8'],
  ['#b24592', '#f15f79'],
] as const;

/** A drawn picture with initials for a person, Page or account. */
export function avatarSvg(context: Context, id: string): Reply {
  const { personas, pages, instagramAccounts, users, whatsApp } = context.store.state;
  const persona = personas[id];
  const name =
    persona === undefined
      ? (pages[id]?.name ??
        instagramAccounts[id]?.name ??
        users[id]?.name ??
        whatsApp.numbers[id]?.verifiedName)
      : `${persona.firstName} ${persona.lastName}`;
  if (name === undefined) throw new ControlError(`There is nobody with the id ${id}.`, 404);
  const body = drawAvatar(id, name);
  return { status: 200, headers: { 'content-type': 'image/svg+xml; charset=utf-8' }, body };
}

/** The picture as SVG: first and last initial on a tint that the id chooses. */
export function drawAvatar(id: string, name: string): string {
  const initials = name
    .split(' ')
    .map((word) => /\p{L}/u.exec(word)?.[0] ?? '')
    .filter((letter) => letter !== '')
    .filter((_, index, all) => index === 0 || index === all.length - 1)
    .join('');
  const [from, to] = tintsOf(id);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96"><defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="${from}"/><stop offset="1" stop-color="${to}"/></linearGradient></defs><rect width="96" height="96" fill="url(#g)"/><text x="48" y="50" fill="#fff" font-family="system-ui,sans-serif" font-size="36" font-weight="600" text-anchor="middle" dominant-baseline="central">${initials}</text></svg>`;
}

/** Two colours, the same for the same id. */
export function tintsOf(id: string): readonly [string, string] {
  const sum = [...id].reduce((total, digit) => total + (Number(digit) || 0), 0);
  return TINTS[sum % TINTS.length] ?? TINTS[0];
}
