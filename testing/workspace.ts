import { appendFile, cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { runCommand } from './run-command.js';
import { removeFolder, temporaryFolder } from './temporary-folder.js';

export interface WorkspaceOptions {
  /** The folder to copy, an example application. */
  readonly from: string;
  /** Where in the repository it goes; by default it is the repository. */
  readonly into?: string;
  /** Text of unified diffs, relative to the copied folder: the head commit's changes. */
  readonly patches?: readonly string[];
  /** Files of the head commit, over what the patches leave; paths relative to the copied folder. */
  readonly files?: Readonly<Record<string, string>>;
  /** Linked into the copied folder as its `node_modules`. */
  readonly nodeModules?: string;
  /** `owner/name`, for the address of `origin`. */
  readonly repository?: string;
}

export interface Workspace {
  readonly path: string;
  /** The copied folder: `path`, or `into` below it. */
  readonly application: string;
  readonly baseSha: string;
  /** What is checked out; the base's when nothing changes. */
  readonly headSha: string;
  remove(): Promise<void>;
}

/** What an application's folder can hold that belongs into no repository. */
const NOT_COPIED = new Set(['node_modules', '.git']);

/** A checkout of a pull request's head: a git repository of two commits, the base and the head. */
export async function makeWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const path = await temporaryFolder('workspace');
  const application = join(path, options.into ?? '.');
  await mkdir(application, { recursive: true });
  await cp(options.from, application, {
    recursive: true,
    filter: (source) => source === options.from || !NOT_COPIED.has(basename(source)),
  });
  await git(path, 'init', '--quiet', '--initial-branch=main');
  const repository = options.repository ?? 'acme/orders';
  await git(path, 'remote', 'add', 'origin', `https://github.com/${repository}`);
  await appendFile(join(path, '.git', 'info', 'exclude'), '\nnode_modules\n');
  const baseSha = await commit(path, 'Base');
  const headSha = await commitHead(path, application, options, baseSha);
  if (options.nodeModules !== undefined) {
    await symlink(options.nodeModules, join(application, 'node_modules'), 'dir');
  }
  return { path, application, baseSha, headSha, remove: () => removeFolder(path) };
}

async function commitHead(
  path: string,
  application: string,
  { into, patches = [], files = {} }: WorkspaceOptions,
  baseSha: string,
): Promise<string> {
  if (patches.length === 0 && Object.keys(files).length === 0) return baseSha;
  await git(path, 'checkout', '--quiet', '-b', 'pull-request');
  for (const patch of patches) {
    const patchPath = join(path, '.git', 'head.patch');
    await writeFile(patchPath, patch);
    await git(path, 'apply', ...(into === undefined ? [] : [`--directory=${into}`]), patchPath);
  }
  for (const [file, text] of Object.entries(files)) {
    await mkdir(join(application, file, '..'), { recursive: true });
    await writeFile(join(application, file), text);
  }
  return commit(path, 'Head');
}

async function commit(path: string, message: string): Promise<string> {
  await git(path, 'add', '--all');
  await git(path, 'commit', '--quiet', '--message', message);
  return (await git(path, 'rev-parse', 'HEAD')).trim();
}

/** A commit's name depends on nothing but its content: not on the person, nor on the time. */
const GIT_ENVIRONMENT = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Monalisa Octocat',
  GIT_AUTHOR_EMAIL: 'octocat@example.com',
  GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z',
  GIT_COMMITTER_NAME: 'Monalisa Octocat',
  GIT_COMMITTER_EMAIL: 'octocat@example.com',
  GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z',
};

async function git(cwd: string, ...args: string[]): Promise<string> {
  const env = { PATH: process.env['PATH'], ...GIT_ENVIRONMENT };
  return (await runCommand('git', args, { cwd, env })).stdout;
}
