/** Upper edges of the classes of how long an answer took, in milliseconds: from seconds to a week. */
export const ANSWER_EDGES = [
  5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 420, 600, 900, 1_200, 1_800, 2_700, 3_600,
  5_400, 7_200, 10_800, 14_400, 21_600, 28_800, 43_200, 57_600, 86_400, 129_600, 172_800, 259_200,
  345_600, 432_000, 604_800,
].map((seconds) => seconds * 1_000);

/** What comes later is no answer to that any more. */
export const ANSWER_WITHIN_MS = ANSWER_EDGES.at(-1) ?? 0;
