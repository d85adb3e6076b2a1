import eslint from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const root = import.meta.dirname;

export default defineConfig(
  // Applications under test are somebody else's code: examples, and those of the tests.
  globalIgnores([
    'dist/',
    '.dist-*/',
    'examples/',
    '__tests__/fixtures/',
    '.cache/',
    '.demo/',
    'coverage/',
  ]),
  eslint.configs.recommended,
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { project: './tsconfig.all.json', tsconfigRootDir: root },
    },
    rules: {
      // Neutralising what cannot be seen is a good part of the work here.
      'no-control-regex': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' },
      ],
      // Numbers in messages are what they look like; anything else must be made a string on purpose.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // A switch over a union names every member, so that a new one is an error and not a silence.
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        {
          allowDefaultCaseForExhaustiveSwitch: false,
          considerDefaultExhaustiveForUnions: false,
          requireDefaultForNonUnion: false,
        },
      ],
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: {
      globals: Object.fromEntries(
        ['Buffer', 'URL', 'clearTimeout', 'console', 'process', 'setTimeout'].map((name) => [
          name,
          'readonly',
        ]),
      ),
    },
  },
  {
    files: ['__tests__/**/*.ts'],
    rules: {
      // Test data is made of characters, one by one.
      '@typescript-eslint/no-misused-spread': 'off',
      // Fakes are asynchronous because what they stand for is.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['src/{verdict,report,claim,selection,diagnosis}/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['fetch', 'WebSocket', 'process'].map((name) => ({
          name,
          message: 'This room is pure: no network, no process.',
        })),
      ],
    },
  },
  {
    files: ['src/**/*.ts', 'replayers/**/*.ts'],
    ignores: ['src/runner/*.ts', 'src/machine/*.ts', 'src/files/head-commit.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message:
            'The environment is read at the edge (src/runner, src/machine) and passed on as a value.',
        },
      ],
    },
  },
);
