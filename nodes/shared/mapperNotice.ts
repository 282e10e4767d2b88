/**
 * What a resource mapper shows while nothing is chosen. n8n asks for its fields again when the choice changes, but only
 * while every expression of the panel has data (n8n 2.40).
 */
export const CHOOSE_FIRST =
  'Choose a template first. Chosen already? Execute the nodes before this one, or close this panel and open it again.';
