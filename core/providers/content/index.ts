export { checkContent, checkSettings } from './checkContent';
export { checkMediaFile, checkSource } from './checkMedia';
export { CONTENT_FIELDS } from './fields';
export { checkAddress, checkCount, checkLength, checkText } from './measure';
export { mimeTypeAt } from './mimeTypes';
export { partsOf } from './parts';
export { splitText } from './split';
