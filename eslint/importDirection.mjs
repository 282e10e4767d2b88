/**
 * The direction of imports (see CONTRIBUTING.md), as data:
 * nodes -> runtime, portal, insight, journeys, webhooks -> appointments, conversations, messaging -> contacts
 * -> accounts -> providers -> events, limits, http, tenants -> store -> model.
 * test/unit/tooling/importDirection.test.ts proves every zone on a tree of probe files.
 */

/** Rooms of core/ from the lowest to the highest; a room imports from its own layer and below. */
export const LAYERS = [
  ['model'],
  ['store'],
  ['events', 'limits', 'http', 'tenants'],
  ['providers'],
  ['accounts'],
  ['contacts'],
  ['appointments', 'conversations', 'messaging'],
  ['runtime', 'portal', 'insight', 'journeys', 'webhooks'],
];

/** Folders that may use core/ and that core/ knows nothing of. */
export const OUTSIDE_CORE = [
  'nodes',
  'credentials',
  'bin',
  'sandbox',
  'playground',
  'test',
  'bench',
];

/** Packages of the host: core/ runs without n8n (gateway, tests, command line). */
const HOST_PACKAGES = ['n8n-workflow', 'n8n-core'];

/** Libraries that nodes/ must leave to core/, where they are loaded when first needed. */
const HEAVY_PACKAGES = ['pg', 'kysely', 'undici', 'node:sqlite'];

/**
 * @typedef {{ target: string, from: string[], message: string }} Zone
 * Zones for `import-x/no-restricted-paths`, paths relative to the rule's basePath.
 * @returns {Zone[]}
 */
function importZones() {
  return [...roomZones(), ...outsideZones()];
}

/** @returns {Zone[]} */
function roomZones() {
  return LAYERS.flatMap((rooms, height) => {
    const higherRooms = LAYERS.slice(height + 1).flat();
    return rooms.map((room) => ({
      target: `./core/${room}`,
      from: [...higherRooms.map((higher) => `./core/${higher}`), ...OUTSIDE_CORE.map(inRoot)],
      message: `core/${room} may import only from ${allowedFor(height)}: imports run one way.`,
    }));
  });
}

/**
 * What is shipped imports nothing that is not: files directly in core/, nodes/, credentials/, bin/.
 * @returns {Zone[]}
 */
function outsideZones() {
  const notShipped = ['sandbox', 'playground', 'test', 'bench'].map(inRoot);
  return [
    {
      target: './core/*.ts',
      from: OUTSIDE_CORE.map(inRoot),
      message: 'core/ imports nothing from outside core/.',
    },
    { target: './nodes', from: notShipped, message: 'nodes/ imports only what is shipped.' },
    {
      target: './credentials',
      from: ['./nodes', './core', './bin', ...notShipped],
      message: 'A credential type is a description and imports nothing of ours.',
    },
    {
      target: './bin',
      from: ['./nodes', ...notShipped],
      message: 'The command works without n8n: it uses core/ alone.',
    },
  ];
}

/** @param {number} height */
function allowedFor(height) {
  return LAYERS.slice(0, height + 1)
    .flat()
    .map((room) => `core/${room}`)
    .join(', ');
}

/** @param {string} folder */
function inRoot(folder) {
  return `./${folder}`;
}

/**
 * The blocks of the flat configuration that keep the direction.
 * @param {string} basePath folder that holds core/, nodes/ and the others
 */
export function importDirectionConfig(basePath) {
  return [
    {
      files: ['**/*.ts'],
      rules: { 'import-x/no-restricted-paths': ['error', { basePath, zones: importZones() }] },
    },
    {
      files: ['core/**/*.ts', 'bin/**/*.ts'],
      rules: packageBan(HOST_PACKAGES, 'core/ and bin/ work without n8n.'),
    },
    {
      files: ['nodes/**/*.ts', 'credentials/**/*.ts'],
      rules: packageBan(
        HEAVY_PACKAGES,
        'nodes/ calls core/, which loads this library when it is first needed.',
      ),
    },
  ];
}

/**
 * Forbids the packages and every path inside them, imported in any way.
 * @param {string[]} packages
 * @param {string} message
 */
function packageBan(packages, message) {
  const alternatives = packages
    .map((name) => name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
    .join('|');
  const pattern = `^(${alternatives})(\\/|$)`;
  return {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      { patterns: [{ regex: pattern, message }] },
    ],
    'no-restricted-syntax': [
      'error',
      { selector: `ImportExpression[source.value=/${pattern}/]`, message },
      {
        selector: `CallExpression[callee.name="require"][arguments.0.value=/${pattern}/]`,
        message,
      },
    ],
  };
}
