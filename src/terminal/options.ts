import type { InputName } from '../inputs/raw-inputs.js';

/** Inputs that only make sense in a job on GitHub. */
export const GITHUB_INPUTS = [
  'github-token',
  'on-no-claim',
  'on-unknown-build',
  'advice',
  'comment',
  'suggest',
] as const;

type InputOption = Exclude<InputName, (typeof GITHUB_INPUTS)[number]>;

/** Options that only the terminal has. */
export const FLAGS = ['json', 'redact', 'encrypt', 'fail-on-stuck', 'help'] as const;
export type Flag = (typeof FLAGS)[number];

export type OptionName = InputOption | 'profile' | 'keep' | Flag;

interface Option {
  /** What stands for its value in the help; absent for an option without a value. */
  readonly value?: string;
  /** One sentence. */
  readonly words: string;
}

/** A sentence for each option, in the order of the help. */
export const OPTIONS: Readonly<Record<OptionName, Option>> = {
  title: {
    value: 'TITLE',
    words: 'The title that the pull request will have, such as "[compatible-v1.0] Check orders".',
  },
  'build-id': {
    value: 'ID',
    words:
      'Build ID instead of the one that a title claims. "current" means the version that runs now.',
  },
  histories: {
    value: 'PATH',
    words: 'A folder or a glob of history files to replay instead of asking a server.',
  },
  'histories-passphrase': {
    value: 'TEXT',
    words:
      'Opens encrypted history files. The variable HISTORIES_PASSPHRASE is the better place, because other users see command lines.',
  },
  profile: {
    value: 'NAME',
    words: "Profile of temporal.toml. Without it, TEMPORAL_PROFILE or the profile 'default'.",
  },
  address: {
    value: 'HOST:PORT',
    words: "The server. Without it, the profile's, or localhost:7233.",
  },
  namespace: { value: 'NAME', words: "The namespace. Without it, the profile's, or default." },
  'client-cert': { value: 'PATH', words: 'Client certificate for mTLS.' },
  'client-key': { value: 'PATH', words: 'Private key of the client certificate.' },
  'server-ca-cert': {
    value: 'PATH',
    words: "CA certificate to check the server's certificate with. Switches TLS on.",
  },
  'server-name': { value: 'NAME', words: "Name in the server's certificate. Switches TLS on." },
  'api-key': {
    value: 'KEY',
    words: 'API key. TEMPORAL_API_KEY is the better place, because other users see command lines.',
  },
  'codec-endpoint': {
    value: 'URL',
    words: 'Codec server that decodes payloads before the replay.',
  },
  'codec-auth': { value: 'TEXT', words: 'Value of the Authorization header for the codec server.' },
  'task-queue': { value: 'NAMES', words: 'Task queues to look on, separated by commas.' },
  'deployment-name': { value: 'NAME', words: 'Worker Deployment to look in.' },
  versioning: {
    value: 'KIND',
    words:
      'Where a build ID is looked up: auto, version-set, worker-deployment, build-id (without a lookup) or none (query alone).',
  },
  query: { value: 'FILTER', words: 'A further Visibility filter.' },
  'claim-position': {
    value: 'PLACE',
    words: 'Where a claim may stand in the title: start, or after-type of a Conventional Commit.',
  },
  language: {
    value: 'NAME',
    words: 'Language of the workflows: typescript, python, go, java, command, or auto.',
  },
  workflows: {
    value: 'PLACE',
    words:
      'Where the workflows are: a file or folder, modules, ./package#Function, or classes, by language.',
  },
  'working-directory': { value: 'FOLDER', words: 'Folder of the application, below this one.' },
  'baseline-directory': {
    value: 'FOLDER',
    words: 'A checkout of the code before the change. What breaks is replayed there too.',
  },
  'replay-options': {
    value: 'MODULE',
    words: 'Module with options for the replay worker (TypeScript), or module:NAME (Python).',
  },
  'replay-env': {
    value: 'NAMES',
    words: 'Names of environment variables that the replay process may see.',
  },
  isolation: {
    value: 'RUNG',
    words:
      'What separates the code from this process: auto, namespaced, user-namespaced, no-new-privs or environment.',
  },
  select: {
    value: 'HOW',
    words: 'Which histories are taken: coverage, newest, or all (without limits).',
  },
  'max-histories': { value: 'N', words: 'The largest number of histories to take.' },
  'max-reads': { value: 'N', words: 'The largest number of histories to read, to choose from.' },
  'time-budget': { value: 'TIME', words: 'Time for the replays, as 30s, 10m or 1h.' },
  'history-timeout': { value: 'TIME', words: 'Time for the replay of one history.' },
  'replay-concurrency': { value: 'N', words: 'Replay processes at a time.' },
  'fetch-concurrency': { value: 'N', words: 'Histories that are read at a time.' },
  'max-requests-per-second': { value: 'N', words: 'The largest number of requests in a second.' },
  'history-cache': {
    value: 'FOLDER',
    words: 'Absolute path of a folder that keeps histories for the next run, encrypted.',
  },
  'history-cache-passphrase': { value: 'TEXT', words: 'Encrypts what history-cache keeps.' },
  closed: {
    value: 'POLICY',
    words: 'What a break of closed executions alone means: predict, fail or ignore.',
  },
  'closed-window': { value: 'TIME', words: 'How far back the "predict" of closed looks.' },
  'on-no-histories': {
    value: 'POLICY',
    words: 'What it means when there is nothing to replay: fail, warn or pass.',
  },
  drift: {
    value: 'POLICY',
    words: 'What it means where arguments, timers and the like differ: off, report, warn or fail.',
  },
  'show-workflow-ids': {
    value: 'HOW',
    words: 'Whether Workflow IDs are named: true, hash or false.',
  },
  'ui-url': {
    value: 'URL',
    words: 'Root of the Temporal UI, to which reports link executions.',
  },
  reports: {
    value: 'PATHS',
    words: 'Reports to write, separated by commas: .html, .xml (JUnit), .sarif or .json.',
  },
  'fail-on-stuck': {
    words: 'Ends with exit code 1 where a running execution has no worker that polls for it.',
  },
  redact: {
    words:
      'Replaces the contents of payloads, keeping shape and types, and proves that each history replays as before.',
  },
  keep: {
    value: 'VALUES',
    words:
      'Texts and numbers that --redact keeps, separated by commas, because the code decides by them.',
  },
  encrypt: {
    words: 'Encrypts the files with the passphrase in the variable HISTORIES_PASSPHRASE.',
  },
  json: { words: 'Writes JSON to the standard output, and nothing else.' },
  help: { words: 'Shows this.' },
};
