'use strict';

const path = require('node:path');

/**
 * A module of the compiled package, `compiled('store/unit')`, for files that Node runs without jest: the units that
 * the store's thread loads, and second processes. Typed by the caller from the source.
 * @param {string} module path below core/
 */
module.exports = (module) => require(path.resolve(__dirname, '../../../dist/core', module));
