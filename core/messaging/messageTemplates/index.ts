export type { MessageTemplateInput } from './check';
export {
  createMessageTemplate,
  deleteMessageTemplate,
  getMessageTemplate,
  listMessageTemplates,
  renderMessageTemplate,
  updateMessageTemplate,
  type RenderInput,
} from './manage';
export { requireValues } from './render';
export type {
  FilledText,
  MessageTemplateItem,
  RenderedTemplate,
  ShapedTemplate,
  TemplateButton,
  TemplateMedia,
  TemplateText,
  WhatsAppMapping,
} from './types';
export { requiredIn, variablesIn } from './variables';
