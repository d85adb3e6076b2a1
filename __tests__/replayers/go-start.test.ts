/** @tier middle */
import { afterEach, describe, expect, jest } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, rename, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cached } from '../../testing/cache.js';
import { findGoSdk, GO_SDKS, commandsGoFiles } from '../../testing/go-modules.js';
import { runCommand } from '../../testing/run-command.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';
import { skipUnless } from '../../testing/skip-unless.js';
import { required } from '../../testing/toolchain.js';
import { commandsGoWorkspace, goHistory, goWorkspace } from './go-application.js';
import { failureToStartGo, GoReplayer, type GoReplayerOptions } from './go-replayer.js';

jest.setTimeout(900_000);

const sdk = await findGoSdk(GO_SDKS.newest);
const whenThere = skipUnless(sdk).it;

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function commands(options: Parameters<typeof commandsGoWorkspace>[1] = {}): Promise<string> {
  const workspace = await commandsGoWorkspace(required(sdk), options);
  cleanUps.push(() => workspace.remove());
  return workspace.application;
}

async function applicationOf(files: Readonly<Record<string, string>>): Promise<string> {
  const workspace = await goWorkspace(required(sdk), files);
  cleanUps.push(() => workspace.remove());
  return workspace.application;
}

async function started(folder: string, options: GoReplayerOptions = {}): Promise<GoReplayer> {
  const replayer = await GoReplayer.start(folder, options);
  cleanUps.push(() => replayer.stop());
  return replayer;
}

/** The commands application, moved to where its package is the program. */
async function asProgram(): Promise<Record<string, string>> {
  const files = await commandsGoFiles();
  return {
    ...Object.fromEntries(
      Object.entries(files).map(([name, text]) => [
        name.replace('workflows/', 'cmd/worker/'),
        text
          .replace(/^package workflows$/mu, 'package main')
          .replace('func Register(', 'func register('),
      ]),
    ),
    'cmd/worker/main.go':
      'package main\n\nimport "os"\n\nfunc main() { register(nil); os.Exit(3) }\n',
  };
}

const REGISTRY_FUNCTIONS = ['AsRegistry', 'AsWorkflows', 'AsWorker', 'AsOwn', 'OrFails'];

const REGISTRIES = `package workflows

import (
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

func AsRegistry(registry worker.Registry) { registry.RegisterWorkflow(Timers) }

func AsWorkflows(registry worker.WorkflowRegistry) { registry.RegisterWorkflow(Timers) }

func AsWorker(w worker.Worker) { w.RegisterWorkflow(Timers) }

func AsOwn(registry interface{ RegisterWorkflow(any) }) { registry.RegisterWorkflow(Timers) }

func OrFails(registry worker.Registry) error {
	registry.RegisterWorkflow(Timers)
	return nil
}

func AsDynamic(registry worker.Registry) {
	registry.RegisterDynamicWorkflow(anything, workflow.DynamicRegisterOptions{})
}

func anything(ctx workflow.Context, _ converter.EncodedValues) error { return Timers(ctx) }
`;

const OTHER = 'package other\n\nimport "go.temporal.io/sdk/worker"\n\n';

describe('workflow code in Go that cannot be replayed is told with what helps:', () => {
  whenThere.each<[string, Record<string, string>, GoReplayerOptions, RegExp, RegExp]>([
    [
      'a file does not compile',
      { 'workflows/more.go': 'package workflows\n\nvar amount int = "much"\n' },
      {},
      /^the workflow code does not compile: .*workflows\/more\.go:3:18: cannot use "much"/su,
      /go build shows the same error/u,
    ],
    [
      'the folder does not exist',
      {},
      { workflows: './nowhere#Register' },
      /there is no folder \.\/nowhere/u,
      /as in \.\/worker#RegisterWorkflows; there is \.\/workflows#Register$/u,
    ],
    [
      'the function does not exist',
      {},
      { workflows: './workflows#Nothing' },
      /^the package example\.com\/\S+\/workflows has no function Nothing \(input workflows\)$/u,
      /take one worker\.Registry, or a part of it, are Register$/u,
    ],
    [
      'the function is behind a build tag',
      {
        'other/other.go':
          '//go:build never\n\npackage other\n\nimport "go.temporal.io/sdk/worker"\n\nfunc All(w worker.Worker) {}\n',
        'other/more.go': 'package other\n',
      },
      { workflows: './other#All' },
      /^go leaves out other\.go, which declares All \(input workflows\)$/u,
      /GOFLAGS to -tags=NAME/u,
    ],
    [
      'the function takes something else',
      {},
      { workflows: './workflows#Greet' },
      /^Greet is a func\(context\.Context, string\)/u,
      /takes one worker\.Registry/u,
    ],
    [
      'the function takes more',
      { 'other/other.go': `${OTHER}func All(w worker.Worker, region string) {}\n` },
      { workflows: './other#All' },
      /^All is a func\(worker\.Worker, string\)/u,
      /write func RegisterForReplay\(registry worker\.Registry\) \{ All\(registry, \/\* string \*\/\) \}/u,
    ],
    [
      'a method is named with its type',
      {
        'other/other.go': `${OTHER}type Flow struct{}\n\nfunc (f *Flow) All(w worker.Worker) {}\n`,
      },
      { workflows: './other#Flow.All' },
      /^Flow\.All is a method \(input workflows\)$/u,
      /\{ \(&Flow\{ … \}\)\.All\(registry\) \} and set workflows to \.\/other#RegisterForReplay/u,
    ],
    [
      'a method is named as if it were a function',
      {
        'other/other.go': `${OTHER}type Flow struct{}\n\nfunc (f *Flow) All(w worker.Worker) {}\n`,
      },
      { workflows: './other#All' },
      /^Flow\.All is a method \(input workflows\)$/u,
      /\(&Flow\{ … \}\)\.All\(registry\)/u,
    ],
    [
      'the function is not exported',
      { 'other/other.go': `${OTHER}func all(w worker.Worker) {}\n` },
      { workflows: './other#all' },
      /^all is not visible outside of its package \S+\/other \(input workflows\)$/u,
      /\{ all\(registry\) \}/u,
    ],
    [
      'the function is generic',
      { 'other/other.go': `${OTHER}func All[W worker.Registry](w W) {}\n` },
      { workflows: './other#All' },
      /^All is a generic function/u,
      /\{ All\(registry\) \}/u,
    ],
    [
      'several functions could be meant',
      {
        'other/other.go':
          'package other\n\nimport "go.temporal.io/sdk/worker"\n\nfunc All(w worker.Worker) {}\n',
      },
      {},
      /several functions could register the workflows: \.\/other#All, \.\/workflows#Register$/u,
      /set the input workflows to one of them/u,
    ],
    [
      'the function registers nothing',
      {
        'other/other.go':
          'package other\n\nimport "go.temporal.io/sdk/worker"\n\nfunc All(w worker.Worker) {}\n',
      },
      { workflows: './other' },
      /^All registers no workflow$/u,
      /name the function that registers/u,
    ],
    [
      'the function panics',
      {
        'other/other.go':
          'package other\n\nimport "go.temporal.io/sdk/worker"\n\nfunc All(w worker.Worker) { panic("no password") }\n',
      },
      { workflows: './other' },
      /^All panicked: no password$/u,
      /without secrets/u,
    ],
    [
      'a package panics when it is loaded',
      {
        'other/other.go':
          'package other\n\nimport "go.temporal.io/sdk/worker"\n\nvar _ = key()\n\nfunc key() string { panic("no API_KEY") }\n\nfunc All(w worker.Worker) {}\n',
      },
      { workflows: './other' },
      /^the process ended by a panic: no API_KEY at \S+other\.go:\d+$/u,
      /name the others that it needs in replay-env/u,
    ],
    ['options are a module', {}, { module: '/options.js' }, /no use for/u, /ReplayerOptions/u],
  ])('%s', async (_, files, options, message, hint) => {
    const failure = await failureToStartGo(await commands({ files }), options);
    expect(failure.message).toMatch(message);
    expect(failure.hint).toMatch(hint);
  });

  whenThere('no function registers', async () => {
    const folder = await applicationOf({ 'main.go': 'package main\n\nfunc main() {}\n' });
    expect(await failureToStartGo(folder)).toEqual({
      message: expect.stringMatching(/^no exported function in the working directory takes/u),
      hint: expect.stringMatching(/set the input workflows/u),
    });
  });

  whenThere('main registers', async () => {
    const folder = await applicationOf({
      'cmd/main.go':
        'package main\n\nimport "go.temporal.io/sdk/worker"\n\nfunc main() {\n\tw := worker.New(nil, "q", worker.Options{})\n\tw.RegisterWorkflow(nil)\n}\n',
    });
    expect(await failureToStartGo(folder)).toEqual({
      message: expect.stringMatching(/; workflows are registered in main at cmd\/main\.go:7$/u),
      hint: expect.stringMatching(
        /^move what registers out of main into func RegisterForReplay\(registry worker\.Registry\).* set the input workflows to \.\/cmd#RegisterForReplay/u,
      ),
    });
  });

  whenThere('the SDK is not required', async () => {
    const folder = await applicationOf({
      'go.mod': 'module example.com/none\n\ngo 1.22\n',
      'w/w.go': 'package w\n\nfunc Register() {}\n',
    });
    const failure = await failureToStartGo(folder, { workflows: './w#Register' });
    expect(failure.message).toMatch(/^go\.temporal\.io\/sdk is not there/u);
    expect(failure.hint).toMatch(/go mod download/u);
  });

  whenThere('there is no Go', async () => {
    const bin = await temporaryFolder('bin');
    cleanUps.push(() => removeFolder(bin));
    expect(await failureToStartGo(await commands(), { environment: { PATH: bin } })).toEqual({
      message: 'there is no go on PATH',
      hint: expect.stringMatching(/actions\/setup-go/u),
    });
  });
});

describe('the workflows of an application in Go may be', () => {
  async function passes(folder: string, options: GoReplayerOptions = {}): Promise<GoReplayer> {
    const replayer = await started(folder, options);
    for (const name of ['Activities', 'Timers', 'Updates']) {
      const result = await replayer.replay(goHistory(name), true);
      expect(result).toMatchObject({ outcome: 'passed' });
      expect(result.commands?.[0]?.file).toMatch(/workflows\.go$/u);
    }
    return replayer;
  }

  whenThere('in a program, whose main() never runs', async () => {
    await passes(await applicationOf(await asProgram()));
  });

  whenThere('in an internal package', async () => {
    const files = Object.entries(await commandsGoFiles()).map(([name, text]) => [
      name.replace('workflows/', 'internal/orders/'),
      text,
    ]);
    await passes(await applicationOf(Object.fromEntries(files) as Record<string, string>));
  });

  whenThere('beside vendored modules', async () => {
    // Kept, because go compiles what is vendored anew for each folder.
    const digest = createHash('sha256').update(JSON.stringify(await commandsGoFiles()));
    const name = `go-vendored-${GO_SDKS.newest}-${digest.digest('hex').slice(0, 12)}`;
    const folder = await cached(name, async (target) => {
      await cp(await commands(), target, { recursive: true });
      await runCommand('go', ['mod', 'vendor'], { cwd: target });
    });
    expect(await readdir(join(folder, 'vendor', 'go.temporal.io', 'sdk'))).not.toContain(
      'interceptor',
    );
    // No module cache: nothing but what is vendored can have been used.
    const cache = await temporaryFolder('no-module-cache');
    cleanUps.push(() => removeFolder(cache));
    await passes(folder, { environment: { GOMODCACHE: cache, GOFLAGS: '', GOPROXY: 'off' } });
  });

  whenThere('in one module of a workspace', async () => {
    const folder = await commands();
    const root = await temporaryFolder('go-work');
    cleanUps.push(() => removeFolder(root));
    await rename(folder, join(root, 'orders'));
    await symlink(join(root, 'orders'), folder);
    const version = execFileSync('go', ['list', '-m', '-f', '{{.GoVersion}}'], {
      cwd: join(root, 'orders'),
      encoding: 'utf8',
    }).trim();
    await runCommand('sh', ['-c', `printf 'go ${version}\\n\\nuse ./orders\\n' > go.work`], {
      cwd: root,
    });
    await passes(join(root, 'orders'));
  });

  whenThere('registered with whichever part of a worker the function asks for', async () => {
    const folder = await commands({ files: { 'workflows/registries.go': REGISTRIES } });
    for (const name of REGISTRY_FUNCTIONS) {
      const replayer = await started(folder, { workflows: `./workflows#${name}` });
      expect(replayer.ready).toMatchObject({ workflowTypes: ['Timers'], dynamic: false });
      expect(await replayer.replay(goHistory('Timers'))).toMatchObject({ outcome: 'passed' });
    }
  });

  whenThere('dynamic, and then of any type', async () => {
    const folder = await commands({ files: { 'workflows/registries.go': REGISTRIES } });
    const replayer = await started(folder, { workflows: './workflows#AsDynamic' });
    expect(replayer.ready).toMatchObject({ dynamic: true });
    expect(await replayer.replay(goHistory('Timers', 'of-any-name'))).toMatchObject({
      outcome: 'passed',
    });
    expect(await replayer.replay(goHistory('Activities', 'of-any-name'))).toMatchObject({
      outcome: 'nondeterministic',
    });
  });

  whenThere('replayed with options of their own', async () => {
    const folder = await commands({
      files: {
        'workflows/options.go': `package workflows

import (
	"errors"

	"go.temporal.io/sdk/worker"
)

func Options() (worker.WorkflowReplayerOptions, error) {
	return worker.WorkflowReplayerOptions{}, errors.New("no key")
}
`,
      },
    });
    expect(await failureToStartGo(folder, { workflows: './workflows#Register,Options' })).toEqual({
      message: 'Options failed: no key',
      hint: undefined,
    });
  });
});

describe('a run leaves the workspace as it was', () => {
  whenThere('without a new file, and with the same go.mod and go.sum', async () => {
    const folder = await commands();
    const before = execFileSync('git', ['status', '--porcelain', '--ignored'], { cwd: folder });
    await started(folder);
    const after = execFileSync('git', ['status', '--porcelain', '--ignored'], { cwd: folder });
    expect(after.toString()).toBe(before.toString());
    expect(await readdir(dirname(join(folder, 'go.mod')))).toEqual(
      expect.not.arrayContaining(['zz_temporalreplaygate', 'zz_temporalreplaygate.go']),
    );
  });

  whenThere('and compiles once for all its processes', async () => {
    const folder = await commands();
    const scratch = await temporaryFolder('scratch');
    cleanUps.push(() => removeFolder(scratch));
    await mkdir(scratch, { recursive: true });
    const replayers = await Promise.all([1, 2, 3].map(() => started(folder, { scratch })));
    const results = await Promise.all(
      replayers.map((replayer) => replayer.replay(goHistory('Timers'))),
    );
    expect(results.map(({ outcome }) => outcome)).toEqual(['passed', 'passed', 'passed']);
    expect((await readdir(scratch)).filter((name) => name.startsWith('go-replayer'))).toEqual([
      'go-replayer',
    ]);
  });
});
