/**
 * What a message is, as whoever sends it says. `response`: an answer to what the person just did; it ignores quiet hours
 * and caps. `utility`: tied to something they asked for (an appointment, a document). `marketing`: everything else.
 */
export const SEND_CATEGORIES = ['response', 'utility', 'marketing'] as const;
export type SendCategory = (typeof SEND_CATEGORIES)[number];
