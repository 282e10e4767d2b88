import js from '@eslint/js';
import communityNodes from '@n8n/eslint-plugin-community-nodes';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import n8nNodesBase from 'eslint-plugin-n8n-nodes-base';
import tseslint from 'typescript-eslint';
import { importDirectionConfig } from './eslint/importDirection.mjs';

const SHIPPED = [
  'core/**/*.ts',
  'nodes/**/*.ts',
  'credentials/**/*.ts',
  'bin/**/*.ts',
  'gateway/**/*.ts',
];
const TYPESCRIPT = ['**/*.ts'];
/** The hosted pages: they run in a browser and have a configuration of their own. */
const PAGES = ['web/**/*.{ts,tsx}'];
const PLAIN_JAVASCRIPT = ['**/*.mjs', '**/*.cjs', '**/*.js'];

const UNUSED_MAY_START_WITH_UNDERSCORE = {
  argsIgnorePattern: '^_',
  varsIgnorePattern: '^_',
  caughtErrorsIgnorePattern: '^_',
};

const GLOBALS_OF_NODE = [
  ...['process', 'console', 'Buffer', 'URL', 'URLSearchParams', 'performance', 'fetch'],
  ...['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate'],
  ...['structuredClone', 'AbortController', 'AbortSignal', 'TextEncoder', 'TextDecoder'],
];
const GLOBALS_OF_COMMONJS = ['require', 'module', 'exports', '__dirname', '__filename'];
const GLOBALS_OF_BROWSERS = [
  ...['window', 'document', 'location', 'navigator', 'history', 'localStorage', 'crypto'],
  ...['EventSource', 'WebSocket', 'FormData', 'Blob', 'File', 'FileReader', 'HTMLElement', 'Event'],
  ...['matchMedia', 'requestAnimationFrame', 'CustomEvent', 'Notification', 'Intl'],
];

/** @param {string[]} names */
const readonly = (names) => Object.fromEntries(names.map((name) => [name, 'readonly']));

/** n8n's own rules for packages that are not for n8n Cloud, every one of them. */
const selfHosted = communityNodes.configs.recommendedWithoutN8nCloudSupport;

export default tseslint.config(
  {
    ignores: ['dist/', 'coverage/', 'reports/', '.playground/', '.tools/', '**/node_modules/'],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },

  // ---- TypeScript everywhere ---------------------------------------------------------------
  {
    files: TYPESCRIPT,
    ignores: PAGES,
    extends: [js.configs.recommended, tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { project: './tsconfig.test.json', tsconfigRootDir: import.meta.dirname },
    },
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [createTypeScriptImportResolver({ project: 'tsconfig.test.json' })],
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      // `typeof import('…')` is how a module that is loaded late gets its type.
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-unused-vars': ['error', UNUSED_MAY_START_WITH_UNDERSCORE],
      // A test double or a port implements an async interface without awaiting anything.
      '@typescript-eslint/require-await': 'off',
      'import-x/no-self-import': 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
    },
  },

  {
    files: PAGES,
    extends: [js.configs.recommended, tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { project: './web/tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      // tsc knows what a browser has.
      'no-undef': 'off',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', UNUSED_MAY_START_WITH_UNDERSCORE],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // Escaping is Preact's: no text becomes HTML by another way.
      'no-restricted-syntax': [
        'error',
        {
          selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]',
          message: 'Texts are shown as texts.',
        },
        {
          selector: 'AssignmentExpression[left.property.name=/^(inner|outer)HTML$/]',
          message: 'Texts are shown as texts.',
        },
      ],
      'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
    },
  },

  ...importDirectionConfig(import.meta.dirname).map((block) => ({ ...block, ignores: PAGES })),

  // ---- What is shipped ---------------------------------------------------------------------
  {
    files: SHIPPED,
    extends: [selfHosted],
    rules: {
      'no-console': 'error',
      'import-x/no-cycle': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-non-null-assertion': 'error',
    },
  },
  {
    files: ['core/**/*.ts', 'bin/**/*.ts', 'gateway/**/*.ts'],
    rules: {
      // Holds for nodes/, where n8n shows the error. core/ knows no n8n and throws its own typed
      // errors; nodes/ turns them into NodeApiError and NodeOperationError in one place.
      '@n8n/community-nodes/require-node-api-error': 'off',
    },
  },
  {
    files: ['core/store/**/*.ts'],
    // Kysely hands its expression builder's functions out to be taken apart: ({ eb, exists }) => …
    rules: { '@typescript-eslint/unbound-method': 'off' },
  },
  {
    // A command line talks to a person through the console.
    files: ['bin/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['nodes/**/*.ts'],
    plugins: { 'n8n-nodes-base': n8nNodesBase },
    rules: {
      ...n8nNodesBase.configs.nodes.rules,
      // Both rules predate `NodeConnectionTypes.Main` and accept only the old literal 'main', which
      // @n8n/community-nodes/node-connection-type-literal forbids. n8n's own config switches them
      // off for the same reason.
      'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
      'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
      // Written before limits had an upper bound; n8n's own config switches it off.
      'n8n-nodes-base/node-param-type-options-max-value-present': 'off',
    },
  },
  {
    files: ['nodes/**/*.node.ts'],
    rules: { 'max-lines': ['error', { max: 150, skipBlankLines: false, skipComments: false }] },
  },
  {
    files: ['credentials/**/*.ts'],
    plugins: { 'n8n-nodes-base': n8nNodesBase },
    rules: {
      ...n8nNodesBase.configs.credentials.rules,
      // It knows only the slugs of n8n's own documentation; ours are addresses, which
      // @n8n/community-nodes/credential-documentation-url checks. n8n's own config does the same.
      'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
      // Replaced by @n8n/community-nodes/credential-password-field, as in n8n's own config.
      'n8n-nodes-base/cred-class-field-type-options-password-missing': 'off',
    },
  },
  {
    files: ['package.json'],
    extends: [selfHosted],
    plugins: { 'n8n-nodes-base': n8nNodesBase },
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { extraFileExtensions: ['.json'] },
    },
    rules: {
      ...n8nNodesBase.configs.community.rules,
      // The one rule of n8n's list that this package breaks, on purpose. It exists because n8n Cloud
      // installs no dependencies of a community package; self-hosted n8n does install them, isolated
      // under the package (`npm install` inside its folder). A PostgreSQL driver, a query builder, an
      // HTTP client with keep-alive and the WhatsApp session library are not ours to rewrite, and
      // bundling would hide their versions from `npm audit`. The package says that it is for
      // self-hosted n8n (`n8n.strict: false`, README).
      '@n8n/community-nodes/no-runtime-dependencies': 'off',
    },
  },

  // ---- What is not shipped -----------------------------------------------------------------
  {
    // Node runs these files directly, by removing the types: nothing that needs a transformation.
    files: ['sandbox/**/*.ts', 'playground/**/*.ts', 'bench/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...['TSEnumDeclaration', 'TSParameterProperty', 'TSImportEqualsDeclaration'].map(
          (selector) => ({ selector, message: 'Node cannot run this syntax without a compiler.' }),
        ),
      ],
    },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      // Tests look into JSON answers of servers; tsc still checks everything that has a type.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/unbound-method': 'off',
      'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // A test that is skipped or focused in the repository is a test that is not run.
    files: ['test/**/*.test.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'CallExpression[callee.object.name=/^(it|test|describe)$/][callee.property.name=/^(only|skip|todo)$/]',
          message: 'Every test runs: no only, no skip, no todo.',
        },
        {
          selector: 'CallExpression[callee.name=/^(fit|fdescribe|xit|xtest|xdescribe)$/]',
          message: 'Every test runs: no only, no skip.',
        },
      ],
    },
  },
  {
    files: PLAIN_JAVASCRIPT,
    extends: [js.configs.recommended],
    languageOptions: { globals: readonly(GLOBALS_OF_NODE) },
    rules: { 'no-unused-vars': ['error', UNUSED_MAY_START_WITH_UNDERSCORE] },
  },
  {
    files: ['**/*.cjs', 'gulpfile.js'],
    languageOptions: { sourceType: 'commonjs', globals: readonly(GLOBALS_OF_COMMONJS) },
  },
  {
    // Pages that run in a browser.
    files: ['sandbox/**/*.js'],
    languageOptions: { globals: readonly(GLOBALS_OF_BROWSERS) },
  },
);
