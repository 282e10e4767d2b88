/**
 * What a resource mapper shows while nothing is chosen. n8n asks for its fields when the panel opens, and again when the
 * choice changes, but the latter only while every expression of the panel has data; data that come later do not make it
 * ask (n8n 2.40).
 */
export const CHOOSE_FIRST =
  'Choose a template first. Chosen already? Close this panel and open it again.';
