/** How a language writes branches. */
export interface Branches {
  /** As a fenced block of Markdown names the language. */
  readonly fence: string;
  readonly form: 'if () {}' | 'if {}' | 'if :';
  readonly comment: '//' | '#';
}

/** Remedies in the language of the code under test. Patch IDs and type names are untrusted. */
export interface Idiom {
  /** True for executions that are not past this point. */
  readonly isNew: (id: string) => string;
  /** True for executions that already ran the old code. */
  readonly isOld: (id: string) => string;
  /** How branches are written; undefined: in words. */
  readonly branches: Branches | undefined;
  /** The question after a patch. */
  readonly ask: (id: string) => string;
  /** What replaces the question when no running execution is older than the patch. */
  readonly deprecate: (id: string) => string;
  /** What draws an ID from the random numbers of the execution. */
  readonly drawnId: string;
  /** How the code registers a workflow type. */
  readonly register: (workflowType: string) => string;
  /** How to give the replay what the worker has, with this example. */
  readonly replayOptions: (example: string) => string;
  readonly converter: string;
  /** What to give the replay if its set-up differs from the worker's. */
  readonly setup: string;
  /** What chance can order in this language. */
  readonly chance: string;
}

const TYPESCRIPT: Idiom = {
  isNew: (id) => `patched('${id}')`,
  isOld: (id) => `!patched('${id}')`,
  branches: { fence: 'ts', form: 'if () {}', comment: '//' },
  ask: (id) => `patched('${id}')`,
  deprecate: (id) => `call deprecatePatch('${id}')`,
  drawnId: "uuid4(), or the SDK's default,",
  register: (type) => `Export ${type} from the workflow module`,
  replayOptions: (example) => `set replay-options to a module that exports ${example}`,
  converter: 'its dataConverter',
  setup: 'Give replay-options what the worker has (interceptors, data converter, bundler options)',
  chance: "what is outside of the SDK's sandbox",
};

const PYTHON: Idiom = {
  isNew: (id) => `workflow.patched("${id}")`,
  isOld: (id) => `not workflow.patched("${id}")`,
  branches: { fence: 'python', form: 'if :', comment: '#' },
  ask: (id) => `workflow.patched("${id}")`,
  deprecate: (id) => `call workflow.deprecate_patch("${id}")`,
  drawnId: "workflow.uuid4() or workflow.random(), or the SDK's default,",
  register: (type) =>
    `Keep a workflow class under the name ${type}, and among those that are replayed`,
  replayOptions: (example) => `set replay-options to a Python object (module:NAME) with ${example}`,
  converter: 'its data_converter',
  setup: 'Give replay-options what the worker has (interceptors, data_converter, workflow_runner)',
  chance: 'the order of a set, or what hash() and id() return',
};

const GO_OPTIONS =
  'name a function that returns worker.WorkflowReplayerOptions after the one that registers, as in ' +
  'workflows: ./worker#Register,ReplayerOptions (docs/go.md)';

const GO: Idiom = {
  isNew: (id) => `${goVersion(id)} == 1`,
  isOld: (id) => `${goVersion(id)} == workflow.DefaultVersion`,
  branches: { fence: 'go', form: 'if {}', comment: '//' },
  ask: (id) => `workflow.GetVersion(ctx, "${id}", …)`,
  deprecate: (id) => `raise the lowest version that workflow.GetVersion(ctx, "${id}", …) takes`,
  drawnId: 'a random number',
  register: (type) => `Register ${type} where the worker registers its workflows`,
  replayOptions: (example) => `${GO_OPTIONS} with ${example}`,
  converter: 'its DataConverter',
  setup: `Give the replay what the worker has (Interceptors, DataConverter, ContextPropagators): ${GO_OPTIONS}`,
  chance: 'the order of a map, a select statement of Go, or goroutines of Go',
};

const JAVA: Idiom = {
  isNew: (id) => `${javaVersion(id)} == 1`,
  isOld: (id) => `${javaVersion(id)} == Workflow.DEFAULT_VERSION`,
  branches: { fence: 'java', form: 'if () {}', comment: '//' },
  ask: (id) => `Workflow.getVersion("${id}", …)`,
  deprecate: (id) => `raise the lowest version that Workflow.getVersion("${id}", …) takes`,
  drawnId: "Workflow.randomUUID(), or the SDK's default,",
  register: (type) => `Register an implementation of ${type}`,
  replayOptions: (example) => `set up ${example} where docs/java.md says`,
  converter: 'its data converter',
  setup:
    'Give the replay what the worker has (interceptors, data converter), where docs/java.md says',
  chance:
    'the order of a HashMap, a HashSet or Set.of, hash codes of objects, or a parallel stream',
};

/** For any other language: what every SDK has, without its syntax. */
const ANY: Idiom = {
  isNew: (id) => `the patch (or version) "${id}"`,
  isOld: (id) => `executions without the patch (or version) "${id}"`,
  branches: undefined,
  ask: (id) => `the patch (or version) "${id}"`,
  deprecate: (id) => `deprecate the patch "${id}"`,
  drawnId: "the SDK's random numbers",
  register: (type) => `Register ${type}`,
  replayOptions: (example) => `set up the replay with ${example}`,
  converter: 'its data converter',
  setup: 'Give the replay what the worker has (interceptors, data converter)',
  chance: 'the order of a set or a map',
};

function goVersion(id: string): string {
  return `workflow.GetVersion(ctx, "${id}", workflow.DefaultVersion, 1)`;
}

function javaVersion(id: string): string {
  return `Workflow.getVersion("${id}", Workflow.DEFAULT_VERSION, 1)`;
}

const IDIOMS: ReadonlyMap<string, Idiom> = new Map([
  ['typescript', TYPESCRIPT],
  ['python', PYTHON],
  ['go', GO],
  ['java', JAVA],
]);

/** @param language as the replayer names it; undefined where none was ready */
export function idiomOf(language: string | undefined): Idiom {
  return IDIOMS.get(language ?? 'typescript') ?? ANY;
}
