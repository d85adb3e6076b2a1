import {
  RunnerCommands,
  shownAnnotations,
  splitLines,
  type Annotation,
} from './runner-commands.js';

export interface JobRun {
  /** The key under `jobs:`. */
  readonly id: string;
  /** As on GitHub, with the matrix's values. */
  readonly name: string;
  readonly conclusion: string;
  readonly steps: readonly StepRun[];
}

export interface StepRun {
  /** The step's `id:`, else its number from 0. */
  readonly id: string;
  readonly name: string;
  /** Before `continue-on-error` is considered, like `steps.<id>.outcome`. */
  readonly outcome: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly annotations: readonly Annotation[];
  readonly log: readonly string[];
}

/** A line of `act --json`, as far as it is used here. */
interface Entry {
  readonly job?: string;
  readonly jobID?: string;
  readonly jobResult?: string;
  readonly stage?: string;
  readonly step?: string;
  /** More than one: a step inside a composite action. */
  readonly stepID?: readonly string[];
  readonly stepResult?: string;
  readonly msg?: string;
  /** `msg` is what a step printed. */
  readonly raw_output?: boolean;
  /** A printed command, as printed. */
  readonly raw?: string;
  readonly command?: string;
  readonly name?: string;
  readonly arg?: string;
  readonly content?: string;
}

/**
 * Tells jobs and steps from act's log.
 *
 * @param inWorkspace makes a path relative to the workspace that the steps saw.
 */
export function readActLog(
  output: string,
  inWorkspace: (file: string) => string,
): readonly JobRun[] {
  const jobs = new Map<string, JobBuilder>();
  for (const line of output.split('\n')) {
    if (!line.startsWith('{')) continue;
    const entry = JSON.parse(line) as Entry;
    if (entry.job === undefined || entry.jobID === undefined) continue;
    let job = jobs.get(entry.job);
    if (job === undefined) {
      // `Workflow/job`, filled up with spaces to the longest name.
      const name = entry.job.trim().replace(/^[^/]*\//u, '');
      job = { id: entry.jobID, name, conclusion: 'unknown', steps: new Map() };
      jobs.set(entry.job, job);
    }
    job.conclusion = entry.jobResult ?? job.conclusion;
    readStep(job, entry);
  }
  return [...jobs.values()].map((job) => ({
    ...job,
    steps: [...job.steps.values()].map(({ commands, ...step }) => ({
      ...step,
      log: commands.log,
      annotations: shownAnnotations(commands.annotations).map((each) =>
        each.file === undefined ? each : { ...each, file: inWorkspace(each.file) },
      ),
    })),
  }));
}

interface JobBuilder {
  readonly id: string;
  readonly name: string;
  conclusion: string;
  readonly steps: Map<string, StepBuilder>;
}

interface StepBuilder {
  readonly id: string;
  readonly name: string;
  outcome: string;
  readonly outputs: Record<string, string>;
  summary: string;
  readonly commands: RunnerCommands;
}

function readStep(job: JobBuilder, entry: Entry): void {
  const [id, ...inner] = entry.stepID ?? [];
  if (id === undefined || entry.stage !== 'Main') return;
  let step = job.steps.get(id);
  if (step === undefined) {
    const name = entry.step ?? id;
    const commands = new RunnerCommands(undefined);
    step = { id, name, outcome: 'unknown', outputs: {}, summary: '', commands };
    job.steps.set(id, step);
  }
  const printed = entry.raw_output === true ? entry.msg : entry.raw;
  for (const line of splitLines(printed ?? '')) step.commands.process(line);
  if (entry.command === 'summary') step.summary += entry.content ?? '';
  if (inner.length > 0) return;
  step.outcome = entry.stepResult ?? step.outcome;
  if (entry.command === 'set-output' && entry.name !== undefined) {
    step.outputs[entry.name] = entry.arg ?? '';
  }
}
