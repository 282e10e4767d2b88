const $ = (id) => document.getElementById(id);
const CHANNELS = {
  whatsapp_business_account: 'WhatsApp',
  instagram: 'Instagram',
  facebook: 'Messenger',
  telegram: 'Telegram',
  email: 'E-mail',
};
let chosen = null;
let shown = '';

async function call(path, body) {
  const options = body && { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(`/_sandbox/notificame${path}`, options);
  if (!response.ok) throw new Error((await response.json()).error);
  return await response.json();
}

function element(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

/** What a content says, for whoever reads it on a phone. */
function lineOf(content) {
  switch (content.type) {
    case 'file':
      return `📎 ${content.fileName ?? content.fileUrl}${content.fileCaption ? `\n${content.fileCaption}` : ''}`;
    case 'interactive':
      return content.interactive?.body?.text ?? JSON.stringify(content.interactive);
    case 'template':
      return `Template ${content.template?.name ?? content.templateId ?? content.template?.text ?? ''}`;
    case 'location':
      return `📍 ${content.name ?? `${content.latitude}, ${content.longitude}`}`;
    case 'reaction':
      return content.reaction?.emoji || 'Reaction taken back';
    case 'replyable_text':
      return `${content.text}\n${content.quickReplyButtons.map(({ text }) => `[${text}]`).join(' ')}`;
    case 'card':
      return `${content.title}\n${content.text ?? ''}`;
    case 'carousel':
      return content.cards.map(({ title }) => `▢ ${title}`).join('\n');
    default:
      return content.text ?? JSON.stringify(content);
  }
}

function drawPeople({ people, channels }) {
  const buttons = Object.values(people).map((person) => {
    const channel = channels[person.channelId];
    const note = element('small', '', ` ${CHANNELS[channel.type]} · ${channel.name}`);
    const button = element('button', '', person.name, note);
    button.type = 'button';
    button.dataset.person = person.id;
    button.setAttribute('aria-current', String(chosen?.id === person.id));
    button.addEventListener('click', () => {
      chosen = person;
      shown = '';
      void draw();
      $('text').focus();
    });
    return button;
  });
  $('people').replaceChildren(...buttons);
}

function drawChat({ messages, channels }) {
  if (!chosen) return;
  const channel = channels[chosen.channelId];
  $('who').textContent = `${chosen.name} writes to ${channel.name} on ${CHANNELS[channel.type]}`;
  $('composer').hidden = false;
  const own = messages.filter(
    ({ personId, channelId }) => personId === chosen.id && channelId === channel.id,
  );
  $('chat').replaceChildren(
    ...own.map((message) => {
      const text = message.contents.map(lineOf).join('\n');
      const note = message.direction === 'OUT' ? `clinic · ${message.status ?? 'accepted'}` : 'you';
      return element('li', message.direction, text, element('small', '', note));
    }),
  );
}

function drawPosts({ posts }) {
  $('posts').replaceChildren(
    ...posts.slice(-8).map(({ body, state, attempts }) => {
      const { type = 'body' } = body.startsWith('{') ? JSON.parse(body) : {};
      return element('li', '', `${type}: ${state} (${attempts.at(-1)?.status ?? 'no answer'})`);
    }),
  );
}

async function draw() {
  const hub = await call('');
  const now = JSON.stringify([hub.messages, hub.people, hub.posts, chosen?.id]);
  if (now === shown) return;
  shown = now;
  drawPeople(hub);
  drawChat(hub);
  drawPosts(hub);
}

$('composer').addEventListener('submit', async (event) => {
  event.preventDefault();
  const text = $('text').value.trim();
  if (!text || !chosen) return;
  $('text').value = '';
  await call('/messages', { channelId: chosen.channelId, personId: chosen.id, text });
  await draw();
});

await draw();
setInterval(() => void draw(), 1000);
