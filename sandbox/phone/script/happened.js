import { h } from './elements.js';
import { label, timeOfDay } from './labels.js';

/** One webhook in the drawer. */
export function deliveryView(delivery) {
  const last = delivery.attempts.at(-1);
  const ok = last?.status === 200;
  const outcome =
    last === undefined
      ? label('waiting')
      : last.status === null
        ? label('noAnswer')
        : String(last.status);
  const tone = last === undefined ? 'wait' : ok ? 'good' : 'bad';
  const fields = [...new Set(delivery.events.map((event) => event.field))];
  const notes = [`${last?.durationMs ?? 0} ms`];
  if ((last?.number ?? 1) > 1) notes.push(label('attempt', { n: last.number }));
  if (delivery.copies > 1) notes.push(label('twice', { n: delivery.copies }));
  if (delivery.badSignature) notes.push(label('forged'));
  return eventRow(
    'webhook',
    delivery.createdAt,
    fields.join(' · ') || delivery.object,
    notes.join(' · '),
    outcome,
    tone,
  );
}

/** One call of the product to the Graph in the drawer. */
export function callView(call) {
  const code = call.subcode === undefined ? `${call.code}` : `${call.code}/${call.subcode}`;
  const sentence = call.message?.replace(/^\(#\d+\) /, '');
  const outcome = call.status === 0 ? label('cut') : String(call.status);
  // Ids say little in a narrow column: the last words of the path say what was called.
  const words = call.path
    .split('/')
    .slice(2)
    .map((part) => (/^(\d|m_|t_|aWdf)/.test(part) ? '…' : part));
  const title = `${call.method} ${words.join('/')}`;
  const detail = call.code === undefined ? `${call.durationMs} ms` : `${code} · ${sentence}`;
  return eventRow('call', call.at, title, detail, outcome, call.status === 200 ? 'good' : 'bad');
}

function eventRow(kind, at, title, detail, outcome, tone) {
  return h(
    'li',
    { class: `event ${kind}`, 'data-testid': `${kind}-row`, 'data-outcome': outcome },
    h('span', { class: 'arrow', title: label(kind) }, kind === 'webhook' ? '↗' : '↘'),
    h(
      'div',
      { class: 'event-text' },
      h('b', {}, title),
      h('small', {}, `${timeOfDay(at)} · ${detail}`),
    ),
    h('span', { class: `badge ${tone}` }, outcome),
  );
}
