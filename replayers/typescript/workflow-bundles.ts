import type { BundleOptions, WorkflowBundleOption } from '@temporalio/worker';
import { AsyncLocalStorage } from 'node:async_hooks';
import assert from 'node:assert';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import vm from 'node:vm';
import { explainBundling } from './bundle-problem.js';
import { Fatal } from '../common/fatal.js';
import type { Plugin, ReplayOptions } from './plugins.js';
import { RECORDS } from './recorder.js';
import { lastErrors } from './sdk-log.js';
import { definitionIn, sourcesOf, type Source } from './sources.js';
import type { Frame } from './stack.js';
import type { Sdk } from './workspace-sdk.js';

/** A worker gives up after 5 s; a busy machine may take longer. */
const LOAD_TIMEOUT_MS = 10_000;

export interface Described {
  readonly workflowTypes: string[] | undefined;
  readonly dynamic: boolean;
}

/** The workflow bundle, made once for all processes of a run, and the same one with recording on. */
export class WorkflowBundles {
  private readonly sdk: Sdk;
  private readonly options: ReplayOptions;
  private readonly scratch: string;
  private readonly workflowsPath: string | undefined;
  private plainBundle: WorkflowBundleOption | undefined;
  private sources: readonly Source[] | undefined;

  /** @param workflowsPath of the workflow module; undefined where there is a ready bundle */
  constructor(
    sdk: Sdk,
    options: ReplayOptions,
    scratch: string,
    workflowsPath: string | undefined,
  ) {
    this.sdk = sdk;
    this.options = options;
    this.scratch = scratch;
    this.workflowsPath = workflowsPath;
  }

  /**
   * What the application's own worker would run, with the recorder in it, which is off. Making a second bundle
   * for recording would cost a second of CPU.
   */
  async plain(): Promise<WorkflowBundleOption> {
    this.plainBundle ??= this.options.workflowBundle ?? (await this.bundle());
    return this.plainBundle;
  }

  /** The same with recording on; undefined where the user brings a ready bundle. */
  async recording(): Promise<WorkflowBundleOption | undefined> {
    if (this.options.workflowBundle !== undefined) return undefined;
    const codePath = join(this.scratch, 'workflows-recording.js');
    if (existsSync(codePath)) return { codePath };
    const plain = await this.plain();
    const code = 'codePath' in plain ? readFileSync(plain.codePath, 'utf8') : plain.code;
    // The default of ten frames may leave out the user's. It must be set here, because the SDK freezes the
    // context's `Error` once the bundle is loaded. On the first line it moves no line number.
    this.write(codePath, `globalThis.${RECORDS} = true; Error.stackTraceLimit = 100; ${code}`);
    return { codePath };
  }

  private async bundle(): Promise<WorkflowBundleOption> {
    const codePath = join(this.scratch, 'workflows.js');
    if (existsSync(codePath)) return { codePath };
    const { dataConverter, interceptors, bundlerOptions, plugins } = this.options;
    const bundleOptions: BundleOptions & { plugins?: unknown } = {
      ...bundlerOptions,
      ...(plugins === undefined
        ? {}
        : { plugins: plugins.map((plugin) => this.forBundler(plugin)) }),
      workflowsPath: this.workflowsPath ?? '',
      workflowInterceptorModules: [
        ...(interceptors?.workflowModules ?? []),
        join(import.meta.dirname, 'recorder.js'),
      ],
      ...(dataConverter?.payloadConverterPath === undefined
        ? {}
        : { payloadConverterPath: dataConverter.payloadConverterPath }),
      ...(dataConverter?.failureConverterPath === undefined
        ? {}
        : { failureConverterPath: dataConverter.failureConverterPath }),
      logger: new this.sdk.worker.DefaultLogger('WARN', (entry) => {
        lastErrors.note(entry.message, entry.meta);
        process.stderr.write(`${entry.level} ${entry.message}\n`);
      }),
    };
    lastErrors.takeMessages();
    let code: string;
    try {
      ({ code } = await this.sdk.worker.bundleWorkflowCode(bundleOptions));
    } catch (error) {
      const thrown = error instanceof Error ? error.message : String(error);
      const log = lastErrors.takeMessages().join('\n');
      const { message, hint } = explainBundling(log, thrown, process.cwd());
      throw new Fatal(message, hint);
    }
    this.write(codePath, code);
    return { codePath };
  }

  /** The plugin changes what is bundled, but not which workflows: the input can name others than it does. */
  private forBundler(plugin: Plugin): Pick<Plugin, 'name' | 'configureBundler'> {
    return {
      name: plugin.name,
      configureBundler: (options) => ({
        ...(plugin.configureBundler?.(options) ?? options),
        workflowsPath: options.workflowsPath,
      }),
    };
  }

  /**
   * Where a workflow function is declared; undefined where the sources do not tell.
   *
   * @param argument of which argument, from 1; without it, of the function
   */
  async definitionOf(workflowType: string, argument?: number): Promise<Frame | undefined> {
    return definitionIn(await this.ownSources(), workflowType, argument);
  }

  /** The application's own files in the bundle, as far as its source map tells. */
  async ownFiles(): Promise<string[]> {
    return (await this.ownSources()).map(({ file }) => file);
  }

  private async ownSources(): Promise<readonly Source[]> {
    if (this.sources === undefined) {
      const plain = await this.plain();
      this.sources = sourcesOf('codePath' in plain ? readFileSync(plain.codePath, 'utf8') : '');
    }
    return this.sources;
  }

  /** Under another name first, so that a second process never finds half a bundle. */
  private write(path: string, code: string): void {
    // Not named by our process number: in another namespace another process can have the same.
    const temporary = `${path}.${randomUUID()}`;
    writeFileSync(temporary, code, { mode: 0o600 });
    renameSync(temporary, path);
  }

  /**
   * The names of the functions that the workflow module exports. To see them, the module is loaded once outside
   * of any workflow. Where that fails, its types are unknown.
   *
   * @throws Fatal where it exports no function, or does not load in time
   */
  async describe(): Promise<Described> {
    const bundle = await this.plain();
    const code = 'codePath' in bundle ? readFileSync(bundle.codePath, 'utf8') : bundle.code;
    const sandbox = {
      AsyncLocalStorage,
      assert,
      URL,
      URLSearchParams,
      TextEncoder,
      TextDecoder,
      AbortController,
      console: { log() {}, info() {}, warn() {}, error() {}, debug() {}, trace() {} },
      __webpack_module_cache__: {},
    };
    let exported: Record<string, unknown>;
    try {
      const context = vm.createContext(sandbox);
      const timeout = LOAD_TIMEOUT_MS;
      new vm.Script(code, { filename: 'workflows.js' }).runInContext(context, { timeout });
      const importing = new vm.Script('__TEMPORAL__.importWorkflows()');
      exported = importing.runInContext(context, { timeout }) as Record<string, unknown>;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') {
        throw new Fatal(
          `the workflow module did not load within ${LOAD_TIMEOUT_MS / 1000} s`,
          'look for an endless loop outside of functions, in a module that the workflows import',
        );
      }
      return { workflowTypes: undefined, dynamic: false };
    }
    const names = Object.keys(exported).filter((name) => typeof exported[name] === 'function');
    if (names.length === 0) {
      throw new Fatal(
        'the workflow module exports no functions, so no workflow type is registered',
        'export each workflow function from the module that the input workflows names',
      );
    }
    return {
      workflowTypes: names.filter((name) => name !== 'default').sort(),
      dynamic: names.includes('default'),
    };
  }
}
