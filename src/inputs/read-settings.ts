import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { detectLanguage } from '../languages/detect-language.js';
import type { ChosenLanguage, Language } from '../model/language.js';
import type { Problem } from '../model/report.js';
import { formatOf, REPORT_SUFFIXES } from '../model/report-format.js';
import { UserError } from '../model/user-error.js';
import { queryProblem } from '../model/queryable.js';
import { queryFormProblem } from './query-form.js';
import { readable, truncate } from '../untrusted/readable.js';
import { claimedBuildId, versioningSettings } from './versioning-settings.js';
import { codecSettings } from './codec-settings.js';
import { connectionSettings, DEFAULT_NAMESPACE } from './connection-settings.js';
import type { InputEnvironment } from './input-environment.js';
import { historyCacheSettings } from './history-cache-settings.js';
import { once } from '../pipeline/once.js';
import { isInside, realPathOf } from '../files/paths.js';
import { DEFAULTS, parseInputs, type InputName, type RawInputs } from './raw-inputs.js';
import { checkReplayVariableNames, replayVariables } from './replay-variables.js';
import type { HistorySource, Settings } from '../model/settings.js';

/**
 * All inputs, checked one by one and then against each other.
 *
 * What depends on a secret, a variable or a file outside of the workflow file (the connection, the codec,
 * the values of `replay-env`) is checked at its first use. On a pull request from a fork secrets are empty,
 * and a title that claims nothing must not turn red for that.
 *
 * @throws UserError with found, expected and how to fix.
 */
export function readSettings(environment: InputEnvironment): Settings {
  const inputs = parseInputs(environment.read);
  const workspace = realPathOf(environment.workspace);
  const workingDirectory = insideWorkspace(
    'working-directory',
    inputs['working-directory'] ?? DEFAULTS.workingDirectory,
    workspace,
    workspace,
    'directory',
  );
  const language = chooseLanguage(inputs.language ?? DEFAULTS.language, workingDirectory);
  const source = historySource(inputs, environment, workspace);
  checkReplayVariableNames(inputs['replay-env']);
  return {
    engine: 'temporal',
    title: inputs.title,
    buildId: claimedBuildId(inputs),
    passesUnclaimedForks:
      inputs['on-no-claim'] === undefined && !hasCredential(inputs, environment.variables),
    claimPosition: inputs['claim-position'] ?? DEFAULTS.claimPosition,
    advice: (inputs.advice ?? DEFAULTS.advice) === 'true',
    githubToken: inputs['github-token'],
    workspace,
    source,
    codec: once(() =>
      codecSettings(
        inputs,
        source.kind === 'server' ? source.connection().namespace : source.namespace,
      ),
    ),
    historyCache: once(() => historyCacheSettings(inputs, workspace)),
    replayer: {
      language: () => {
        if ('name' in language) return language;
        throw new UserError(language);
      },
      workingDirectory,
      workflows: inputs.workflows,
      replayOptions: replayOptions(inputs, language, workingDirectory, workspace),
      variables: once(() => replayVariables(inputs, environment.variables)),
      isolation: inputs.isolation ?? DEFAULTS.isolation,
    },
    baselineDirectory: inputs['baseline-directory'],
    budget: {
      maxHistories:
        inputs.select === 'all'
          ? Number.POSITIVE_INFINITY
          : (inputs['max-histories'] ?? DEFAULTS.maxHistories),
      maxReads:
        inputs.select === 'all'
          ? Number.POSITIVE_INFINITY
          : (inputs['max-reads'] ?? DEFAULTS.maxReads),
      timeBudgetMs: inputs['time-budget'] ?? DEFAULTS.timeBudgetMs,
      historyTimeoutMs: inputs['history-timeout'] ?? DEFAULTS.historyTimeoutMs,
      select: inputs.select ?? DEFAULTS.select,
      replayConcurrency: inputs['replay-concurrency'] ?? DEFAULTS.replayConcurrency(),
      fetchConcurrency: inputs['fetch-concurrency'] ?? DEFAULTS.fetchConcurrency,
      maxRequestsPerSecond: inputs['max-requests-per-second'],
    },
    policy: {
      closed: inputs.closed ?? DEFAULTS.closed[inputs.histories === undefined ? 'server' : 'files'],
      closedWindowMs: inputs['closed-window'] ?? DEFAULTS.closedWindowMs,
      onNoClaim:
        inputs['on-no-claim'] ??
        DEFAULTS.onNoClaim[namesDeployment(inputs) ? 'deployment' : 'others'],
      onUnknownBuild: inputs['on-unknown-build'] ?? DEFAULTS.onUnknownBuild,
      onNoHistories: inputs['on-no-histories'],
      drift: inputs.drift ?? DEFAULTS.drift,
    },
    reporting: {
      showWorkflowIds: inputs['show-workflow-ids'],
      uiUrl: inputs['ui-url'],
      comment: inputs.comment ?? DEFAULTS.comment,
      suggest: (inputs.suggest ?? DEFAULTS.suggest) === 'true',
      reports: inputs.reports.map((path) => reportPath(path, environment.workspace)),
    },
  };
}

/** Executions of a Worker Deployment move to what is deployed, whatever a title says. */
function namesDeployment(inputs: RawInputs): boolean {
  return inputs['deployment-name'] !== undefined || inputs.versioning === 'worker-deployment';
}

function hasCredential(inputs: RawInputs, variables: NodeJS.ProcessEnv): boolean {
  return (
    inputs['client-cert'] !== undefined ||
    inputs['api-key'] !== undefined ||
    Object.entries(variables).some(
      ([name, value]) => /^TEMPORAL_(?:API_KEY|TLS_CLIENT_CERT)/u.test(name) && Boolean(value),
    )
  );
}

/** The language that the input names, or else the language of the workspace, or why nothing tells. */
function chooseLanguage(
  given: Language | 'auto',
  workingDirectory: string,
): ChosenLanguage | Problem {
  return given === 'auto' ? detectLanguage(workingDirectory) : { name: given, because: undefined };
}

function replayOptions(
  inputs: RawInputs,
  language: ChosenLanguage | Problem,
  workingDirectory: string,
  workspace: string,
): string | undefined {
  const given = inputs['replay-options'];
  if (given === undefined) return undefined;
  const name = 'name' in language ? language.name : 'typescript';
  if (name === 'python') return given;
  if (name === 'typescript') {
    return insideWorkspace('replay-options', given, workingDirectory, workspace, 'file');
  }
  throw new UserError({
    found: `Input replay-options is set, and the code is ${name === 'command' ? "a third party replayer's" : name}`,
    expected: 'replay-options for TypeScript and Python only',
    fix:
      name === 'command'
        ? 'give options in the command line of workflows'
        : "remove it: set options where the code registers its workflows, as the language's page in docs/ shows",
  });
}

function historySource(
  inputs: RawInputs,
  environment: InputEnvironment,
  workspace: string,
): HistorySource {
  const pattern = inputs.histories;
  if (pattern !== undefined) {
    const ignored = (
      ['address', 'task-queue', 'versioning', 'deployment-name', 'query', 'history-cache'] as const
    ).filter(
      // The default of action.yml is always there.
      (name) => inputs[name] !== undefined && inputs[name].length > 0 && inputs[name] !== 'auto',
    );
    if (ignored.length > 0) {
      throw new UserError({
        found: `Input histories is set together with ${ignored.join(', ')}`,
        expected: 'exported history files or a server, not both',
        fix: `remove histories, or remove ${ignored.join(', ')}`,
      });
    }
    const namespace = inputs.namespace ?? DEFAULT_NAMESPACE;
    const passphrase = inputs['histories-passphrase'];
    return {
      kind: 'files',
      pattern,
      namespace,
      ...(passphrase === undefined ? {} : { passphrase }),
    };
  }
  for (const queue of inputs['task-queue']) {
    const problem = queryProblem(queue);
    if (problem !== undefined) {
      throw new UserError({
        found: `Input task-queue names "${truncate(readable(queue), 80)}", which ${problem}`,
        expected: 'names without quotes, backslashes and control characters',
        fix: 'rename the task queue, or select its executions with another one',
      });
    }
  }
  return {
    kind: 'server',
    connection: once(() => connectionSettings(inputs, { ...environment, workspace })),
    taskQueues: inputs['task-queue'],
    ...versioningSettings(inputs),
    query: userQuery(inputs.query),
  };
}

/** The filter is ANDed to others, so it must be complete by itself. */
function userQuery(query: string | undefined): string | undefined {
  const problem = query === undefined ? undefined : queryFormProblem(query);
  if (query === undefined || problem === undefined) return query;
  throw new UserError({
    found: `Input query is "${truncate(readable(query), 200)}", which ${problem}`,
    expected: 'a complete Visibility filter, such as WorkflowType = "order"',
    fix: 'correct the input query: every quote and parenthesis in it must be opened and closed',
  });
}

/** A path of an input, which must exist inside the workspace even when links are followed. */
function insideWorkspace(
  name: InputName,
  path: string,
  base: string,
  workspace: string,
  kind: 'file' | 'directory',
): string {
  const real = realPathOf(resolve(base, path));
  const shown = truncate(readable(path), 200);
  if (!isInside(real, workspace)) {
    throw new UserError({
      found: `Input ${name} is "${shown}", which lies outside the workspace`,
      expected: `a ${kind} inside the checkout`,
      fix: `give the path relative to ${name === 'working-directory' ? "the repository's root" : 'working-directory'}`,
    });
  }
  let stats;
  try {
    stats = statSync(real);
  } catch (error) {
    throw new UserError(
      {
        found: `Input ${name} is "${shown}", which does not exist`,
        expected: `a ${kind} inside the checkout`,
        fix: 'correct the path, and check that actions/checkout runs before this action',
      },
      { cause: error },
    );
  }
  if (kind === 'directory' ? !stats.isDirectory() : !stats.isFile()) {
    throw new UserError({
      found: `Input ${name} is "${shown}", which is not a ${kind}`,
      expected: `a ${kind} inside the checkout`,
      fix: 'correct the path',
    });
  }
  return real;
}

function reportPath(path: string, workspace: string): string {
  if (formatOf(path) === undefined) {
    throw new UserError({
      found: `Input reports names "${truncate(readable(path), 200)}"`,
      expected: `paths that end in ${REPORT_SUFFIXES.join(', ')}`,
      fix: 'change the suffix: it chooses the format',
    });
  }
  return resolve(workspace, path);
}
