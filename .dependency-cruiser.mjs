/**
 * The architecture, as who may import what; `npx depcruise src replayers` looks alone. CONTRIBUTING.md says why
 * each rule is there, and scripts/architecture.mjs proves that each bites.
 */

/** Modules that the story of a run consists of. */
const GATE = '^src/gate/|^src/container/three-jobs[.]ts$';

const PURE = '^src/(?:verdict|report|claim|selection|diagnosis)/';

/** Packages by their names, installed or not. */
const packages = (...names) => `(?:^|node_modules/)(?:${names.join('|')})(?:/|$)`;

/** Node's own modules: whole, or what is below them. */
const core = (...names) => `^(?:${names.join('|')})(?:/|$)`;

const NETWORK = [
  core('https?', 'http2', 'net', 'tls', 'dgram', 'dns'),
  packages('undici', '@actions/[^/]+', '@temporalio/client'),
];
const PROCESSES = core('child_process', 'cluster', 'worker_threads', 'process');

/** An import that is gone at run time. */
const TYPES = ['type-only', 'type-import'];

const RULES = {
  'no-circles': {
    comment: 'Of files in a circle none can be read, or tested, without the others.',
    from: {},
    to: { circular: true },
  },
  'gate-knows-no-toolkit': {
    comment:
      'The gate tells the story over small interfaces (src/gate/parts.ts): it knows neither GitHub nor the Temporal client.',
    from: { path: GATE },
    to: { path: packages('@(?:actions|temporalio)/[^/]+') },
  },
  'gate-takes-values': {
    comment: 'The gate takes settings and parts: from these rooms it imports types only.',
    from: { path: GATE },
    to: { path: '^src/(?:github|inputs)/', dependencyTypesNot: TYPES },
  },
  'temporal-behind-one-door': {
    comment:
      'What knows Temporal stands behind the interface of src/engine, of which src/machine/engines.ts has the table.',
    from: { path: '^src/', pathNot: '^src/temporal/|^src/machine/engines[.]ts$' },
    to: { path: '^src/temporal/' },
  },
  'model-imports-model': {
    comment: 'The model imports nothing outside of src/model, so that every room can import it.',
    from: { path: '^src/model/' },
    to: { pathNot: '^src/model/' },
  },
  'replayer-shares-protocol': {
    comment:
      'A replayer shares the protocol with the parent, src/replay/protocol.ts and carried.ts, and nothing else.',
    from: { path: '^replayers/' },
    to: { path: '^src/', pathNot: '^src/replay/(?:protocol|carried)[.]ts$' },
  },
  'replayer-takes-their-sdk': {
    comment:
      "A replayer loads the application's own copy of the SDK at run time, by `require`; from ours it imports types only.",
    from: { path: '^replayers/' },
    to: {
      path: packages('@(?:actions|temporalio)/[^/]+'),
      dependencyTypesNot: [...TYPES, 'require'],
    },
  },
  'pure-room-has-no-world': {
    comment: 'This room is pure: take what it needs as a value or as a small interface.',
    from: { path: PURE },
    to: { path: [...NETWORK, PROCESSES] },
  },
  'pure-room-reaches-none': {
    comment:
      'This room is pure: from the rooms that reach the network or processes it imports types only.',
    from: { path: PURE },
    to: {
      path: '^src/(?:machine|github|files|runner|container)/|^src/replay/replayer-(?:pool|process)[.]ts$',
      pathNot: '^src/files/paths[.]ts$',
      dependencyTypesNot: TYPES,
    },
  },
  'pure-room-reads-no-files': {
    comment: 'Of the pure rooms only src/diagnosis/source-location.ts looks at the file system.',
    from: { path: PURE, pathNot: '^src/diagnosis/source-location[.]ts$' },
    to: { path: core('fs') },
  },
  'toolkit-at-the-edge': {
    comment: 'The GitHub toolkit is imported by src/runner and src/github only.',
    from: { path: '^src/', pathNot: '^src/(?:runner|github)/' },
    to: { path: packages('@actions/[^/]+') },
  },
  'no-worker-of-ours': {
    comment:
      "The worker package holds native binaries and must be the application's own copy: a replayer loads it from the checkout.",
    from: { path: '^src/' },
    to: { path: packages('@temporalio/worker') },
  },
  'process-is-a-global': {
    comment: 'Use the global: the rule about process.env looks at that.',
    from: { path: '^(?:src|replayers)/' },
    to: { path: core('process') },
  },
  'only-index-is-loose': {
    comment: 'src/ holds index.ts and rooms.',
    from: { path: '^src/[^/]+$', pathNot: '^src/index[.]ts$' },
    to: {},
  },
};

export default {
  forbidden: Object.entries(RULES).map(([name, rule]) => ({ name, severity: 'error', ...rule })),
  options: {
    doNotFollow: { path: 'node_modules' },
    // Also imports that are gone at run time: a type is knowledge too.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
