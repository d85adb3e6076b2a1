import { CONNECTION_INPUTS } from '../inputs/raw-inputs.js';
import type { OptionName } from './options.js';

export const COMMAND_NAMES = ['check', 'advise', 'retire', 'record'] as const;
export type CommandName = (typeof COMMAND_NAMES)[number];

export interface Command {
  /** One sentence. */
  readonly words: string;
  /** What must stand after the command. */
  readonly argument?: { readonly name: string; readonly words: string };
  readonly options: readonly OptionName[];
  /** Each with what it does. */
  readonly examples: readonly (readonly [line: string, words: string])[];
}

const CONNECTION = ['profile', ...CONNECTION_INPUTS] as const;

const PAYLOADS = ['codec-endpoint', 'codec-auth'] as const;

const WHERE = ['task-queue', 'deployment-name', 'versioning', 'query'] as const;

const CODE = [
  'language',
  'workflows',
  'working-directory',
  'replay-options',
  'replay-env',
  'isolation',
] as const;

const BUDGET = [
  'select',
  'max-histories',
  'max-reads',
  'time-budget',
  'history-timeout',
  'replay-concurrency',
  'fetch-concurrency',
  'max-requests-per-second',
] as const;

const LAST = ['json', 'help'] as const;

export const COMMANDS: Readonly<Record<CommandName, Command>> = {
  check: {
    words: 'Replays running executions, or history files, against the code in this folder.',
    options: [
      ...(['title', 'build-id', 'histories', 'histories-passphrase', 'claim-position'] as const),
      ...CONNECTION,
      ...PAYLOADS,
      ...WHERE,
      ...CODE,
      'baseline-directory',
      ...BUDGET,
      ...(['history-cache', 'history-cache-passphrase'] as const),
      ...(['closed', 'closed-window', 'on-no-histories', 'drift'] as const),
      ...(['show-workflow-ids', 'ui-url', 'reports'] as const),
      ...LAST,
    ],
    examples: [
      [
        'check --title "[compatible-v1.0] Check orders" --task-queue orders',
        'the claim of a title',
      ],
      ['check --build-id current --deployment-name orders', 'the version that runs now'],
      ['check --histories histories', 'a corpus of `record`, without a server'],
    ],
  },
  advise: {
    words:
      'Replays every live version against the code in this folder, and says which claims would hold.',
    options: [
      ...CONNECTION,
      ...PAYLOADS,
      ...(['task-queue', 'deployment-name'] as const),
      ...CODE,
      ...BUDGET,
      'show-workflow-ids',
      ...LAST,
    ],
    examples: [['advise --task-queue orders', 'which title to write, and how to deploy it']],
  },
  retire: {
    words: 'Tells which workers can be switched off, and what keeps each of the others.',
    options: [
      ...CONNECTION,
      ...(['task-queue', 'deployment-name'] as const),
      'max-requests-per-second',
      'fail-on-stuck',
      ...LAST,
    ],
    examples: [
      ['retire', 'every version of the namespace'],
      ['retire --deployment-name orders --json', 'those of one Worker Deployment, for a script'],
    ],
  },
  record: {
    words: 'Saves histories as files, as many ways through the code as possible first.',
    argument: { name: 'DIR', words: 'The folder to write, which must be empty or absent.' },
    options: [
      ...(['redact', 'keep', 'encrypt', 'title', 'build-id'] as const),
      ...CONNECTION,
      ...PAYLOADS,
      ...WHERE,
      ...CODE,
      ...BUDGET,
      ...LAST,
    ],
    examples: [
      ['record histories --build-id current --deployment-name orders', 'with payloads as they are'],
      ['record histories --task-queue orders --redact', 'to be committed'],
    ],
  },
};
