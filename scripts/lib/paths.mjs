import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** Logs and other left-overs of the scripts; ignored by git. */
export const TOOLS = path.join(ROOT, '.tools');

/** Reports of the test suites, JUnit XML. */
export const REPORTS = path.join(ROOT, 'reports');

export const NODE24 = path.join(ROOT, 'scripts', 'node24');
export const PLAYGROUND = path.join(ROOT, 'playground');
