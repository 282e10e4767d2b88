// Lints the files of a folder with this project's import rules alone, and prints what was found.
// A process of its own: ESLint loads its configuration in ways that jest's module system cannot follow.
//   node lintProbe.mjs <folder>   -> [{ "file": "core/model/a.ts", "rules": ["import-x/…"] }]
import path from 'node:path';
import process from 'node:process';
import { ESLint } from 'eslint';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';
import { importDirectionConfig } from '../../eslint/importDirection.mjs';

const folder = path.resolve(process.argv[2] ?? '.');
const eslint = new ESLint({
  cwd: folder,
  overrideConfigFile: true,
  baseConfig: [
    {
      files: ['**/*.ts'],
      languageOptions: { parser: tseslint.parser },
      plugins: { 'import-x': importX, '@typescript-eslint': tseslint.plugin },
      settings: { 'import-x/resolver-next': [createTypeScriptImportResolver({ project: [] })] },
    },
    ...importDirectionConfig(folder),
  ],
});

const results = await eslint.lintFiles(['**/*.ts']);
const findings = results.map((result) => ({
  file: path.relative(folder, result.filePath).split(path.sep).join('/'),
  rules: result.messages.map((message) => message.ruleId ?? message.message),
}));
process.stdout.write(JSON.stringify(findings));
