/** Texts of the phone page in the two languages of its users. */
const TEXTS = {
  pt: {
    title: 'Telefone de teste',
    intro: 'Aqui você é o cliente. Escreva para a clínica e veja a resposta chegar.',
    channel: 'Canal',
    person: 'Pessoa',
    language: 'English',
    light: 'Tema claro',
    dark: 'Tema escuro',
    events: 'O que aconteceu',
    noEvents: 'Ainda nada. Escreva uma mensagem.',
    close: 'Fechar',
    clock: 'Relógio do simulador',
    advance: 'Avançar 25 h',
    advanceHint: 'Fecha a janela de 24 horas',
    now: 'Voltar para agora',
    windowOpen: 'Janela aberta até {time}',
    windowClosed: 'Janela de 24 h fechada',
    windowNever: 'Escreva para abrir a janela de 24 h',
    composer: 'Mensagem…',
    send: 'Enviar',
    attach: 'Enviar arquivo',
    empty: 'Diga “Oi” para começar a conversa',
    usually: 'Normalmente responde em instantes',
    business: 'Conta comercial',
    typing: 'digitando…',
    sent: 'Enviada',
    delivered: 'Entregue',
    seen: 'Vista',
    deleted: 'Mensagem apagada',
    edited: 'editada',
    react: 'Curtir',
    reply: 'Responder',
    unsend: 'Cancelar envio',
    replyingTo: 'Respondendo a',
    cancel: 'Cancelar',
    file: 'Arquivo',
    picture: 'Imagem',
    audio: 'Áudio',
    video: 'Vídeo',
    sharedPost: 'Publicação da clínica',
    product: 'Produto do catálogo',
    unsupported: 'Conteúdo que a API não mostra',
    human: 'Respondido por uma pessoa',
    privateReply: 'Respondeu ao seu comentário',
    sharePhone: 'Enviar meu telefone',
    shareEmail: 'Enviar meu e-mail',
    notSent: 'Não foi possível: {reason}',
    notHeard: 'Ninguém recebe os webhooks ainda: o app ou a página não está inscrito.',
    offline: 'Sem ligação com o simulador. Tentando de novo…',
    webhook: 'Webhook',
    call: 'Chamada',
    attempt: 'tentativa {n}',
    twice: 'entregue {n}×',
    forged: 'assinatura falsa',
    waiting: 'a caminho',
    noAnswer: 'sem resposta',
    cut: 'ligação cortada',
  },
  en: {
    title: 'Test phone',
    intro: 'Here you are the customer. Write to the clinic and watch the answer arrive.',
    channel: 'Channel',
    person: 'Person',
    language: 'Português',
    light: 'Light theme',
    dark: 'Dark theme',
    events: 'What happened',
    noEvents: 'Nothing yet. Write a message.',
    close: 'Close',
    clock: 'Clock of the sandbox',
    advance: 'Forward 25 h',
    advanceHint: 'Closes the 24-hour window',
    now: 'Back to now',
    windowOpen: 'Window open until {time}',
    windowClosed: '24-hour window closed',
    windowNever: 'Write to open the 24-hour window',
    composer: 'Message…',
    send: 'Send',
    attach: 'Send a file',
    empty: 'Say “Hi” to start the conversation',
    usually: 'Usually answers within moments',
    business: 'Business account',
    typing: 'typing…',
    sent: 'Sent',
    delivered: 'Delivered',
    seen: 'Seen',
    deleted: 'Message deleted',
    edited: 'edited',
    react: 'Like',
    reply: 'Reply',
    unsend: 'Unsend',
    replyingTo: 'Replying to',
    cancel: 'Cancel',
    file: 'File',
    picture: 'Picture',
    audio: 'Audio',
    video: 'Video',
    sharedPost: 'Post of the clinic',
    product: 'Catalogue product',
    unsupported: 'Content the API does not show',
    human: 'Answered by a person',
    privateReply: 'Replied to your comment',
    sharePhone: 'Send my phone number',
    shareEmail: 'Send my e-mail',
    notSent: 'That did not work: {reason}',
    notHeard: 'Nobody receives the webhooks yet: the app or the Page is not subscribed.',
    offline: 'No connection to the sandbox. Trying again…',
    webhook: 'Webhook',
    call: 'Call',
    attempt: 'attempt {n}',
    twice: 'delivered {n}×',
    forged: 'forged signature',
    waiting: 'under way',
    noAnswer: 'no answer',
    cut: 'connection cut',
  },
};

const wanted = new URLSearchParams(location.search).get('lang') ?? navigator.language;
let language = wanted.toLowerCase().startsWith('pt') ? 'pt' : 'en';

/** The text for a key in the chosen language, with `{name}` filled in. */
export function label(key, values = {}) {
  return Object.entries(values).reduce(
    (text, [name, value]) => text.replace(`{${name}}`, String(value)),
    TEXTS[language][key] ?? key,
  );
}

/** Changes between the two languages. */
export function switchLanguage() {
  language = language === 'pt' ? 'en' : 'pt';
}

/** `pt-BR` or `en`, for `<html lang>` and times. */
export function languageTag() {
  return language === 'pt' ? 'pt-BR' : 'en';
}

/** A time of day as people write it. */
export function timeOfDay(ms) {
  return new Intl.DateTimeFormat(languageTag(), { hour: 'numeric', minute: '2-digit' }).format(ms);
}

/** A weekday and time of day. */
export function dayAndTime(ms) {
  const format = { weekday: 'short', hour: 'numeric', minute: '2-digit' };
  return new Intl.DateTimeFormat(languageTag(), format).format(ms);
}
