import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { compileJava, type JavaSdk } from './java-sdk.js';
import { projectRoot } from './project-root.js';
import { makeWorkspace, type Workspace } from './workspace.js';

const FROM = join(projectRoot, '__tests__', 'fixtures', 'applications', 'commands-java');

/** What has to be left out where a release does not have it: file, text, and what takes its place. */
export const NOT_IN_1_20: NonNullable<CommandsJavaOptions['edits']> = [
  ['AttributesImpl.java', 'Workflow.upsertMemo(Collections.singletonMap("note", "first"));', ''],
];

/** Where the application's classes have their sources. */
export const COMMANDS_JAVA = 'src/main/java/com/example/commands';

export interface CommandsJavaOptions {
  /** Files over those of the application, relative to it. */
  readonly files?: Readonly<Record<string, string>>;
  /** File in the package's folder, text that it has once, and what takes its place. */
  readonly edits?: readonly (readonly [file: string, from: string, to: string])[];
  /** Files in the package's folder that are left out, together with what uses them. */
  readonly without?: readonly string[];
}

/** A checkout of the application whose workflows issue every kind of command, compiled. */
export async function commandsJavaWorkspace(
  sdk: JavaSdk,
  { files = {}, edits = [], without = [] }: CommandsJavaOptions = {},
): Promise<Workspace> {
  const edited: Record<string, string> = { ...files };
  for (const [name, from, to] of edits) {
    const path = join(COMMANDS_JAVA, name);
    const text = edited[path] ?? (await readFile(join(FROM, path), 'utf8'));
    if (text.split(from).length !== 2) throw new Error(`${name} has not once: ${from}`);
    edited[path] = text.replace(from, () => to);
  }
  const workspace = await makeWorkspace({ from: FROM, files: edited });
  for (const name of without) await rm(join(workspace.application, COMMANDS_JAVA, name));
  await compileJava(workspace.application, sdk);
  return workspace;
}
