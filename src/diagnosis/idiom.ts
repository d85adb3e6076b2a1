/** Remedies in the language of the code under test. Patch IDs and type names are untrusted. */
export interface Idiom {
  /** New code, only for executions that are not past this point. */
  readonly onlyNew: (id: string) => string;
  /** Old code, only for executions that already ran it. */
  readonly onlyOld: (id: string) => string;
  readonly newOrOld: (id: string) => string;
  /** The question after a patch. */
  readonly ask: (id: string) => string;
  /** What replaces the question when no running execution is older than the patch. */
  readonly deprecate: (id: string) => string;
  /** How the code registers a workflow type. */
  readonly register: (workflowType: string) => string;
  /** How to give the replay what the worker has, with this example. */
  readonly replayOptions: (example: string) => string;
  readonly converter: string;
  /** What to give the replay if its set-up differs from the worker's. */
  readonly setup: string;
}

const TYPESCRIPT: Idiom = {
  onlyNew: (id) => `if (patched('${id}')) { … }`,
  onlyOld: (id) => `if (!patched('${id}')) { … }`,
  newOrOld: (id) => `if (patched('${id}')) { the new code } else { the old code }`,
  ask: (id) => `patched('${id}')`,
  deprecate: (id) => `call deprecatePatch('${id}')`,
  register: (type) => `Export ${type} from the workflow module`,
  replayOptions: (example) => `set replay-options to a module that exports ${example}`,
  converter: 'its dataConverter',
  setup: 'Give replay-options what the worker has (interceptors, data converter, bundler options)',
};

const PYTHON: Idiom = {
  onlyNew: (id) => `if workflow.patched("${id}"): …`,
  onlyOld: (id) => `if not workflow.patched("${id}"): …`,
  newOrOld: (id) => `if workflow.patched("${id}"): the new code, else: the old code`,
  ask: (id) => `workflow.patched("${id}")`,
  deprecate: (id) => `call workflow.deprecate_patch("${id}")`,
  register: (type) =>
    `Keep a workflow class under the name ${type}, and among those that are replayed`,
  replayOptions: (example) => `set replay-options to a Python object (module:NAME) with ${example}`,
  converter: 'its data_converter',
  setup: 'Give replay-options what the worker has (interceptors, data_converter, workflow_runner)',
};

const GO: Idiom = {
  onlyNew: (id) => `if ${goVersion(id)} == 1 { … }`,
  onlyOld: (id) => `if ${goVersion(id)} == workflow.DefaultVersion { … }`,
  newOrOld: (id) => `if ${goVersion(id)} == 1 { the new code } else { the old code }`,
  ask: (id) => `workflow.GetVersion(ctx, "${id}", …)`,
  deprecate: (id) => `raise the lowest version that workflow.GetVersion(ctx, "${id}", …) takes`,
  register: (type) => `Register ${type} where the worker registers its workflows`,
  replayOptions: (example) => `set up ${example} where docs/go.md says`,
  converter: 'its data converter',
  setup:
    'Give the replay what the worker has (interceptors, data converter), where docs/go.md says',
};

const JAVA: Idiom = {
  onlyNew: (id) => `if (${javaVersion(id)} == 1) { … }`,
  onlyOld: (id) => `if (${javaVersion(id)} == Workflow.DEFAULT_VERSION) { … }`,
  newOrOld: (id) => `if (${javaVersion(id)} == 1) { the new code } else { the old code }`,
  ask: (id) => `Workflow.getVersion("${id}", …)`,
  deprecate: (id) => `raise the lowest version that Workflow.getVersion("${id}", …) takes`,
  register: (type) => `Register an implementation of ${type}`,
  replayOptions: (example) => `set up ${example} where docs/java.md says`,
  converter: 'its data converter',
  setup:
    'Give the replay what the worker has (interceptors, data converter), where docs/java.md says',
};

/** For any other language: what every SDK has, without its syntax. */
const ANY: Idiom = {
  onlyNew: (id) => `a branch of the patch (or version) "${id}"`,
  onlyOld: (id) => `the branch of executions without the patch (or version) "${id}"`,
  newOrOld: (id) => `with the patch (or version) "${id}" the new code, without it the old code`,
  ask: (id) => `the patch (or version) "${id}"`,
  deprecate: (id) => `deprecate the patch "${id}"`,
  register: (type) => `Register ${type}`,
  replayOptions: (example) => `set up the replay with ${example}`,
  converter: 'its data converter',
  setup: 'Give the replay what the worker has (interceptors, data converter)',
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
