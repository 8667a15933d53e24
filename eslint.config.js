import path from 'node:path';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Who may touch the outside world. Everything else gets it through the Context (src/core/context.ts). */
const outside = [
  { group: ['node:fs', 'node:fs/*', 'fs', 'fs/*'], message: 'Take `fs` from the Context; only src/system does this itself.' },
  { group: ['node:child_process', 'child_process', 'execa'], message: 'Take `exec` from the Context; only src/system does this itself.' },
  {
    group: ['undici', 'node:https', 'https', 'node:net', 'node:tls'],
    message: 'Take `http` from the Context; only src/system does this itself.',
  },
  { group: ['@inquirer/*', 'inquirer'], message: 'Take `ask` from the Context; only src/system does this itself.' },
  { group: ['node:os', 'os'], message: 'Home and platform come from the Context; only src/system asks the system.' },
  { group: ['node:process', 'process'], message: 'Take it from the Context; only src/cli/main.ts and src/system use `process`.' },
];
const zod = [{ name: 'zod', message: "Write `import * as z from 'zod/mini'`." }];
const wholeZod = {
  selector: "ImportDeclaration[source.value='zod/mini'] > ImportSpecifier[imported.name='z']",
  message: 'Write `import * as z`: the named export holds all of zod with its locales, 400 kB that the bundler cannot take apart.',
};
const late = { group: ['node:crypto', 'crypto'], message: 'Take `sha256` from src/core/hash.ts: it loads the module at the first call.' };
const server = { group: ['node:http', 'http'], message: 'Only src/simulator and src/system listen.' };

/** `process` is for what starts the program; everything else sees env, cwd and platform in the Context. */
const noProcess = ['process', 'globalThis', 'global'].map((name) => ({
  name,
  message: 'Take it from the Context; only src/cli/main.ts and src/system use `process`.',
}));
/** Only src/cli/main.ts ends the program. */
const exit = {
  selector: "MemberExpression[object.name='process'][property.name=/^exit(Code)?$/]",
  message: 'Return or throw; only src/cli/main.ts ends the program.',
};
const outsideLater = {
  selector:
    'ImportExpression[source.value=/^(undici|execa|@inquirer\\u002F|inquirer|(node:)?(fs|child_process|https|net|tls|os)($|\\u002F))/]',
  message: 'Take it from the Context; only src/system does this itself.',
};
const dynamic = {
  selector: 'ImportExpression[source.type!="Literal"]',
  message: 'Write the path out, so that the bundler sees it.',
};

/** The order of the rooms, lowest first: a room may import what stands before it, never what stands behind (CONTRIBUTING.md). */
export const ROOMS =
  'text core claude edit targets apply openrouter config diagnose completion system change simulator keys probe doctor commands cli'.split(
    ' ',
  );

/** Reports an import, of a type or at run time too, that goes up the order of rooms, and a file outside every room. */
const rooms = {
  create(context) {
    const source = path.join(import.meta.dirname, 'src');
    const roomOf = (file) => path.relative(source, file).split(path.sep)[0] ?? '';
    const room = roomOf(context.filename);
    const check = ({ source: from }) => {
      if (typeof from?.value !== 'string' || !from.value.startsWith('.')) return;
      const target = roomOf(path.resolve(path.dirname(context.filename), from.value));
      if (!ROOMS.includes(target)) context.report({ node: from, message: `'${target}' is no room, so src/ may not import it.` });
      else if (ROOMS.indexOf(target) > ROOMS.indexOf(room))
        context.report({ node: from, message: `'${room}' stands below '${target}' and may not import it.` });
    };
    return {
      Program: (node) => {
        if (!ROOMS.includes(room)) context.report({ node, message: `'${room}' is no room: see ROOMS in eslint.config.js.` });
      },
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      TSImportType: check,
    };
  },
};

/** A function that does not fit a screen is several. Blank lines don't count; comments do, since they are read too. */
const shortFunctions = { 'max-lines-per-function': ['error', { max: 60, skipBlankLines: true }] };

export default defineConfig(
  globalIgnores(['dist*/', 'coverage/', 'node_modules/']),
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      // The functions of node:path are typed as methods and need no `this`.
      '@typescript-eslint/unbound-method': 'off',
      // A port's method may be a promise in one implementation and not in another.
      '@typescript-eslint/require-await': 'off',
      eqeqeq: 'error',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } }],
    },
  },
  {
    files: ['src/**/*.ts'],
    plugins: { orcc: { rules: { rooms } } },
    rules: {
      'orcc/rooms': 'error',
      'no-console': 'error',
      'max-lines': ['error', { max: 350 }],
      'no-restricted-imports': ['error', { paths: zod, patterns: [...outside, server, late] }],
      'no-restricted-globals': ['error', ...noProcess],
      'no-restricted-syntax': ['error', dynamic, outsideLater, wholeZod],
    },
  },
  {
    files: ['src/simulator/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { paths: zod, patterns: [...outside, late] }] },
  },
  {
    files: ['src/system/**/*.ts'],
    rules: {
      'no-restricted-globals': 'off',
      'no-restricted-imports': ['error', { paths: zod }],
      'no-restricted-syntax': ['error', exit, dynamic, wholeZod],
    },
  },
  {
    // Loads Node's module at the first call.
    files: ['src/core/hash.ts'],
    rules: { 'no-restricted-globals': 'off' },
  },
  {
    // A reader that has gone away ends the program wherever it writes.
    files: ['src/system/streams.ts'],
    rules: { 'no-restricted-syntax': ['error', dynamic, wholeZod] },
  },
  {
    // The process around the program.
    files: ['src/cli/main.ts'],
    rules: { 'no-restricted-globals': 'off', 'no-restricted-syntax': 'off' },
  },
  { files: ['src/**/*.ts', 'scripts/**/*.{mjs,cjs,ts}', 'bin/*.js'], rules: shortFunctions },
  {
    // Vitest wants a default export of these.
    files: ['vitest.config.ts', 'test/support/*-reporter.ts', 'test/support/*-setup.ts'],
    rules: { 'no-restricted-exports': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // Answers of programs and servers are read loosely here: the assertion is the check.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
  {
    files: ['test/**/*.ts'],
    ignores: ['test/**/*.mocked.test.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        ...['mock', 'doMock'].map((property) => ({
          object: 'vi',
          property,
          message: 'The next file in this process would get it too: name the file *.mocked.test.ts, which has a process of its own.',
        })),
      ],
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    extends: [tseslint.configs.base],
    rules: { eqeqeq: 'error', 'no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }], 'prefer-const': 'error' },
  },
  {
    files: ['bin/*.js'],
    languageOptions: { sourceType: 'commonjs' },
    rules: { 'prefer-const': 'off' },
  },
  { files: ['bin/orcc.js'], languageOptions: { ecmaVersion: 5 } },
);
