'use strict';

const path = require('node:path');

const ROOT = path.resolve(__dirname, '../..');
const COMPILED_ROOMS = ['core', 'nodes', 'credentials', 'bin'];
/** Folders whose relative imports of product code mean the compiled package. */
const IMPORTERS = ['test', 'bench'];

/**
 * Sends `../../core/store/open` of a test to dist/core/store/open: tests run what is shipped, in
 * particular the SQLite worker thread, which Node could not start from TypeScript. (jest's own
 * moduleNameMapper knows nothing of the importing file and would also catch `../core/x` inside
 * node_modules.)
 */
module.exports = (request, options) =>
  options.defaultResolver(compiledPath(request, options.basedir) ?? request, options);

function compiledPath(request, basedir) {
  if (!request.startsWith('.') || !isInside(basedir, IMPORTERS)) return undefined;
  const target = path.resolve(basedir, request);
  if (!isInside(target, COMPILED_ROOMS)) return undefined;
  return path.join(ROOT, 'dist', path.relative(ROOT, target));
}

function isInside(file, folders) {
  const first = path.relative(ROOT, file).split(path.sep)[0];
  return folders.includes(first);
}
