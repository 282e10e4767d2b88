'use strict';

const { default: Sequencer } = require('@jest/test-sequencer');

/**
 * The files that take longest. On a machine that has never run them jest knows their sizes alone, and these are short: one
 * of them, begun last, would keep one worker busy while the other has nothing to do.
 */
const LONGEST = [
  'e2e/kills.test.ts',
  'e2e/oauth.test.ts',
  'e2e/editor.test.ts',
  'store/journeys/simulation.test.ts',
  'store/journeys/broadcastKills.test.ts',
  'store/insight/plans.test.ts',
  'store/contacts/search.test.ts',
  'store/fileHold.test.ts',
];

/** Jest's own order, with the longest in front. */
module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const place = ({ path }) => {
      const index = LONGEST.findIndex((file) => path.replaceAll('\\', '/').endsWith(file));
      return index === -1 ? LONGEST.length : index;
    };
    return super.sort(tests).toSorted((a, b) => place(a) - place(b));
  }
};
