export { checkContent, checkSettings } from './checkContent';
export { checkMediaFile } from './checkMedia';
export { CONTENT_FIELDS } from './fields';
