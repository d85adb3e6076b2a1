import eslint from '@eslint/js';
import { dirname, join, relative, sep } from 'node:path';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const root = import.meta.dirname;

const NETWORK =
  /^(?:node:)?(?:https?|http2|net|tls|dgram|dns)(?:\/|$)|^undici$|^@actions\/(?:http-client|github)$|^@temporalio\/client$/u;
const PROCESSES = /^(?:node:)?(?:child_process|cluster|worker_threads|process)$/u;
const FILE_SYSTEM = /^(?:node:)?fs(?:\/|$)/u;

/**
 * The architecture, as who may import what. `from` matches the importing file, `forbids` what it
 * imports: a package's name, or the path of one of our own files. `types` says that a type may be
 * imported all the same, because it is gone at run time. CONTRIBUTING.md says why each rule is there.
 */
const ARCHITECTURE = [
  {
    from: /^src\/gate\/|^src\/container\/three-jobs\.ts$/u,
    forbids: /^@(?:actions|temporalio)\//u,
    types: false,
    message:
      'The gate tells the story over small interfaces (src/gate/parts.ts): it knows neither GitHub nor the Temporal client.',
  },
  {
    from: /^src\/gate\/|^src\/container\/three-jobs\.ts$/u,
    forbids: /^src\/(?:github|temporal|inputs)\//u,
    types: true,
    message:
      'The gate takes what it needs as settings and parts: from these rooms it imports types only.',
  },
  {
    from: /^src\/model\//u,
    forbids: /^(?!src\/model\/)/u,
    types: false,
    message: 'The model imports nothing outside of src/model, so that every room can import it.',
  },
  {
    from: /^replayers\//u,
    forbids: /^src\/(?!replay\/(?:protocol|carried)\.ts$)/u,
    types: false,
    message:
      'A replayer shares the protocol with the parent, src/replay/protocol.ts and carried.ts, and nothing else.',
  },
  {
    from: /^src\/(?:verdict|report|claim|selection|diagnosis)\//u,
    forbids: [NETWORK, PROCESSES, /^@actions\//u],
    types: false,
    message:
      'This room is pure: no network, no process, no toolkit. Take what it needs as a value or as a small interface.',
  },
  {
    from: /^src\/(?:verdict|report|claim|selection|diagnosis)\//u,
    forbids:
      /^src\/(?:machine|github|temporal\/(?!history\/|codec\/plain-encodings)|files\/(?!paths)|runner|container)\/|^src\/replay\/replayer-(?:pool|process)\.ts$/u,
    types: true,
    message:
      'This room is pure: from the rooms that reach the network or processes it imports types only.',
  },
  {
    from: /^src\/(?:verdict|report|claim|selection)\/|^src\/diagnosis\/(?!source-location\.ts$)/u,
    forbids: FILE_SYSTEM,
    types: false,
    message: 'Of the pure rooms only src/diagnosis/source-location.ts looks at the file system.',
  },
  {
    from: /^src\/(?!runner\/|github\/)/u,
    forbids: /^@actions\/(?:core|github)$/u,
    types: false,
    message: 'The GitHub toolkit is imported by src/runner and src/github only.',
  },
  {
    from: /^src\//u,
    forbids: /^@temporalio\/worker(?:\/|$)/u,
    types: false,
    message:
      "The worker package holds native binaries and must be the application's own copy: it is loaded by a replayer, at run time, from the checkout.",
  },
  {
    from: /^replayers\//u,
    forbids: /^@(?:temporalio|actions)\//u,
    types: true,
    message:
      "A replayer loads the application's own copy of the SDK at run time; from ours it imports types only.",
  },
  {
    from: /^(?:src|replayers)\//u,
    forbids: /^(?:node:)?process$/u,
    types: false,
    message: 'Use the global: the rule about process.env looks at that.',
  },
];

/** Reports each import that a rule of ARCHITECTURE forbids. */
const imports = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const file = projectPath(context.filename);
    const rules = ARCHITECTURE.filter((rule) => rule.from.test(file));
    if (rules.length === 0) return {};
    const check = (source, isType) => {
      if (typeof source?.value !== 'string') return;
      const target = source.value.startsWith('.')
        ? projectPath(join(dirname(context.filename), source.value)).replace(/\.js$/u, '.ts')
        : source.value;
      for (const { forbids, types, message } of rules) {
        if (isType && types) continue;
        if ([forbids].flat().some((pattern) => pattern.test(target))) {
          context.report({ node: source, message });
        }
      }
    };
    return {
      ImportDeclaration: (node) => check(node.source, onlyTypes(node, 'importKind')),
      ExportNamedDeclaration: (node) => check(node.source, onlyTypes(node, 'exportKind')),
      ExportAllDeclaration: (node) => check(node.source, node.exportKind === 'type'),
      ImportExpression: (node) => check(node.source, false),
      TSImportType: (node) => check(node.source, true),
    };
  },
};

/** `import type …`, or an import of which every name is marked as a type. */
function onlyTypes(node, kind) {
  if (node[kind] === 'type') return true;
  return node.specifiers.length > 0 && node.specifiers.every((one) => one[kind] === 'type');
}

function projectPath(path) {
  return relative(root, path).split(sep).join('/');
}

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
    files: ['src/**/*.ts', 'replayers/**/*.ts'],
    plugins: { architecture: { rules: { imports } } },
    rules: { 'architecture/imports': 'error' },
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
