/** Signature and handshake are Meta's own, the same for every product: one implementation. */
export { answerHandshake, readMetaBody, verifyMetaSignature } from '../meta/webhook';
export { parseWhatsAppWebhook } from './inbound/parse';
