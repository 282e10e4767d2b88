const TEXTS = {
  pt: {
    title: 'Agenda da clínica',
    intro: 'Faz o papel do Google Agenda: marque, mude e cancele consultas como a recepção faria.',
    calendar: 'Agenda',
    new: 'Nova consulta',
    what: 'Título',
    day: 'Dia',
    from: 'Início',
    minutes: 'Minutos',
    details: 'Descrição (ex.: Telefone: +55 11 98888-7777)',
    create: 'Marcar',
    agenda: 'Consultas',
    empty: 'Nenhuma consulta ainda.',
    move: 'Mudar',
    cancel: 'Cancelar',
    cancelled: 'Cancelada',
    made: 'Marcada.',
    moved: 'Mudada.',
    gone: 'Cancelada.',
    allDay: 'dia inteiro',
    language: 'English',
    locale: 'pt-BR',
  },
  en: {
    title: 'Calendar of the clinic',
    intro: 'Plays Google Calendar: make, move and cancel appointments as the front desk would.',
    calendar: 'Calendar',
    new: 'New appointment',
    what: 'Title',
    day: 'Day',
    from: 'From',
    minutes: 'Minutes',
    details: 'Description (e.g. Phone: +55 11 98888-7777)',
    create: 'Create',
    agenda: 'Appointments',
    empty: 'No appointment yet.',
    move: 'Move',
    cancel: 'Cancel',
    cancelled: 'Cancelled',
    made: 'Created.',
    moved: 'Moved.',
    gone: 'Cancelled.',
    allDay: 'all day',
    language: 'Português',
    locale: 'en',
  },
};

const $ = (id) => document.getElementById(id);
let language = navigator.language.startsWith('pt') ? 'pt' : 'en';
let calendars = [];
const t = (name) => TEXTS[language][name];

async function call(method, path, body) {
  const response = await fetch(`/_sandbox/google${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

function say(text) {
  $('said').textContent = text;
}

async function act(done, work) {
  try {
    await work();
    say(done);
  } catch (error) {
    say(error.message);
  }
  await draw();
}

const chosen = () => calendars.find(({ id }) => id === $('calendar').value) ?? calendars[0];

/** The clock on the wall, some minutes later; dates as UTC, so that no zone has a say in it. */
function later(day, time, minutes) {
  const at = new Date(`${day}T${time}:00Z`).getTime() + minutes * 60_000;
  return new Date(at).toISOString().slice(0, 19);
}

function times(day, from, minutes) {
  const { timeZone } = chosen();
  return {
    start: { dateTime: `${day}T${from}:00`, timeZone },
    end: { dateTime: later(day, from, minutes), timeZone },
  };
}

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  if (properties.testid) made.dataset.testid = properties.testid;
  made.append(...children);
  return made;
}

function card(event) {
  const { timeZone, id: calendarId } = chosen();
  const when = new Intl.DateTimeFormat(t('locale'), {
    timeZone,
    dateStyle: 'full',
    ...(event.start?.date ? {} : { timeStyle: 'short' }),
  }).format(event.startMs);
  const isGone = event.status === 'cancelled';
  const parts = [
    element('time', { textContent: event.start?.date ? `${when} · ${t('allDay')}` : when }),
    element('strong', { textContent: event.summary ?? event.id }),
  ];
  if (event.description) parts.push(element('pre', { textContent: event.description }));
  if (isGone) parts.push(element('span', { textContent: t('cancelled') }));
  else {
    const day = element('input', { type: 'date', testid: 'move-day', ariaLabel: t('day') });
    const from = element('input', { type: 'time', testid: 'move-from', ariaLabel: t('from') });
    const local = new Intl.DateTimeFormat('sv-SE', {
      timeZone,
      dateStyle: 'short',
      timeStyle: 'short',
    }).format(event.startMs);
    day.value = local.slice(0, 10);
    from.value = local.slice(11, 16);
    const minutes = (event.endMs - event.startMs) / 60_000;
    const path = `/events/${encodeURIComponent(event.id)}`;
    const move = element('button', { type: 'button', textContent: t('move'), testid: 'move' });
    move.onclick = () =>
      act(t('moved'), () =>
        call('PATCH', path, { calendarId, ...times(day.value, from.value, minutes) }),
      );
    const cancel = element('button', {
      type: 'button',
      className: 'bad',
      textContent: t('cancel'),
      testid: 'cancel',
    });
    cancel.onclick = () => act(t('gone'), () => call('POST', `${path}/cancel`, { calendarId }));
    const acts = element('div', { className: 'acts' }, day, from, move, cancel);
    parts.push(event.start?.date ? element('div', { className: 'acts' }, cancel) : acts);
  }
  const item = element('li', { className: isGone ? 'cancelled' : '' }, ...parts);
  item.dataset.event = event.id;
  return item;
}

async function draw() {
  const { value } = $('calendar');
  ({ calendars } = await call('GET', ''));
  $('calendar').replaceChildren(
    ...calendars.map(({ id, summary }) => element('option', { value: id, textContent: summary })),
  );
  if (value) $('calendar').value = value;
  document.documentElement.lang = t('locale');
  for (const place of document.querySelectorAll('[data-label]')) {
    place.textContent = t(place.dataset.label);
  }
  $('language').textContent = t('language');
  const events = chosen().events.slice(0, 200);
  $('agenda').replaceChildren(...events.map(card));
  $('empty').hidden = events.length > 0;
}

$('new').onsubmit = (submitted) => {
  submitted.preventDefault();
  const form = Object.fromEntries(new FormData($('new')));
  const description = form.description.trim();
  void act(t('made'), async () => {
    await call('POST', '/events', {
      calendarId: chosen().id,
      summary: form.summary,
      ...(description ? { description } : {}),
      ...times(form.day, form.from, Number(form.minutes)),
    });
    $('new').reset();
  });
};
$('calendar').onchange = () => void draw();
$('language').onclick = () => {
  language = language === 'pt' ? 'en' : 'pt';
  void draw();
};

const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
$('new').elements.day.value = tomorrow;
$('new').elements.from.value = '14:00';
await draw();
