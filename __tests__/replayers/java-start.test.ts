/** @tier middle */
import { afterAll, beforeAll, describe, expect, jest } from '@jest/globals';
import { mkdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { COMMANDS_JAVA, commandsJavaWorkspace } from '../../testing/java-commands.js';
import { compileJava, findJavaSdk, JAVA_SDKS, pomOf } from '../../testing/java-sdk.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';
import { skipUnless } from '../../testing/skip-unless.js';
import { required } from '../../testing/toolchain.js';
import type { Workspace } from '../../testing/workspace.js';
import { commandsJavaHistory } from './java-application.js';
import { failureToStartJava, JavaReplayer, type JavaReplayerOptions } from './java-replayer.js';

jest.setTimeout(300_000);

const sdk = await findJavaSdk(JAVA_SDKS.newest);
const whenThere = skipUnless(sdk).it;

const PACKAGE = 'com.example.commands';

/** What registers, and what it has in common with a worker. */
const SETUP = `package com.example.commands;

import io.temporal.client.WorkflowClientOptions;
import io.temporal.worker.Worker;

public class Setup {
  public static void register(Worker worker) {
    worker.registerWorkflowImplementationTypes(TimersImpl.class);
  }

  public static void registerNothing(Worker worker) {}

  public static void registerByAccident(Worker worker) {
    throw new IllegalStateException(System.getenv("DATABASE") + " is no address");
  }

  public static WorkflowClientOptions clientOptions() {
    return WorkflowClientOptions.newBuilder().setIdentity("replay").build();
  }

  public static void other(String text) {}
}
`;

describe('the Java replayer', () => {
  let workspace: Workspace;
  let folder: string;
  let environment: Readonly<Record<string, string>>;

  beforeAll(async () => {
    if (!sdk.available) return;
    workspace = await commandsJavaWorkspace(sdk, {
      files: { [`${COMMANDS_JAVA}/Setup.java`]: SETUP },
    });
    folder = workspace.application;
    environment = { REPLAY_CLASSPATH: `target/classes:${sdk.classPath}` };
  });
  afterAll(async () => {
    if (sdk.available) await workspace.remove();
  });

  const failure = (options: JavaReplayerOptions = {}): ReturnType<typeof failureToStartJava> =>
    failureToStartJava(folder, { environment, ...options });

  whenThere('finds the workflows of the application, its release, and where they are', async () => {
    const replayer = await JavaReplayer.start(folder, { environment });
    await replayer.stop();
    expect(replayer.ready).toMatchObject({
      language: 'java',
      sdk: { name: 'io.temporal:temporal-sdk', version: JAVA_SDKS.newest },
      dynamic: false,
      workflowTypes: [
        ...['activities', 'attributes', 'child', 'children', 'continued', 'failing', 'timers'],
        ...['versions', 'waiting'],
      ],
    });
    expect(replayer.ready.sources).toEqual(
      expect.arrayContaining([
        join(folder, COMMANDS_JAVA, 'Commands.java'),
        join(folder, COMMANDS_JAVA, 'EndingsImpl.java'),
      ]),
    );
    expect(replayer.ready.sources).not.toContain(join(folder, COMMANDS_JAVA, 'Clerk.java'));
  });

  whenThere('takes classes and methods by their names, and compiles once for a run', async () => {
    const scratch = await temporaryFolder('scratch');
    const options = { environment, scratch };
    const start = async (workflows: string): Promise<readonly string[] | undefined> => {
      const replayer = await JavaReplayer.start(folder, { ...options, workflows });
      await replayer.stop();
      return replayer.ready.workflowTypes;
    };
    expect(await start(`${PACKAGE}.TimersImpl, ${PACKAGE}.EndingsImpl$FailingImpl`)).toEqual([
      'failing',
      'timers',
    ]);
    expect(await start(`${PACKAGE}.Setup#register\n${PACKAGE}.Setup#clientOptions`)).toEqual([
      'timers',
    ]);
    expect(await start(`${PACKAGE}.Setup#clientOptions`)).toHaveLength(9);
    const refused = async (workflows: string): Promise<string> => {
      const { message, hint = '' } = await failure({ ...options, workflows });
      return `${message} → ${hint}`;
    };
    expect(await refused(`${PACKAGE}.Gone`)).toMatch(
      /there is no class \S+\.Gone .*implementation classes are .*\.\w+Impl/u,
    );
    expect(await refused(`${PACKAGE}.Setup#other`)).toMatch(
      /no public static method other .*methods of the class are .*clientOptions/u,
    );
    expect(await refused(`${PACKAGE}.Setup#registerNothing`)).toContain('registers no workflow');
    expect(await refused(`${PACKAGE}.Setup#registerByAccident`)).toContain('null is no address');
    expect(await refused(`${PACKAGE}.Clerk$AtWork`)).toContain(
      'it implements no interface with @WorkflowInterface',
    );
    await removeFolder(scratch);
  });

  whenThere('several processes of a run wait for the one that compiles', async () => {
    const scratch = await temporaryFolder('scratch');
    const replayers = await Promise.all(
      [1, 2].map(() => JavaReplayer.start(folder, { environment, scratch })),
    );
    const results = await Promise.all(
      replayers.map((replayer) => replayer.replay(commandsJavaHistory('timers'))),
    );
    expect(results.map(({ outcome }) => outcome)).toEqual(['passed', 'passed']);
    await Promise.all(replayers.map((replayer) => replayer.stop()));
    await removeFolder(scratch);
  });

  whenThere('has no use for a module with options', async () => {
    expect(await failure({ module: join(folder, 'options.js') })).toMatchObject({
      message: expect.stringContaining('replay-options'),
    });
  });

  whenThere('refuses a class path without the library that replays', async () => {
    const classPath = required(sdk)
      .classPath.split(':')
      .filter((jar) => !jar.includes('temporal-testing'))
      .join(':');
    expect(
      await failure({ environment: { REPLAY_CLASSPATH: `target/classes:${classPath}` } }),
    ).toMatchObject({
      message: expect.stringContaining('io.temporal:temporal-testing is not on the class path'),
      hint: expect.stringContaining('add io.temporal:temporal-testing'),
    });
    expect(await failure({ environment: { REPLAY_CLASSPATH: 'target/classes' } })).toMatchObject({
      message: expect.stringContaining('io.temporal:temporal-sdk is not on the class path'),
    });
    expect(await failure({ environment: { REPLAY_CLASSPATH: 'target/gone' } })).toMatchObject({
      message: expect.stringContaining('names what is not there'),
    });
  });

  whenThere('refuses classes that are older than their sources', async () => {
    const source = join(folder, COMMANDS_JAVA, 'TimersImpl.java');
    const soon = new Date(Date.now() + 60_000);
    await utimes(source, soon, soon);
    const found = await failure();
    const past = new Date(Date.now() - 600_000);
    await utimes(source, past, past);
    expect(found).toMatchObject({
      message: `compiled classes are older than their sources: ${COMMANDS_JAVA}/TimersImpl.java`,
      hint: expect.stringContaining('in a step before this action'),
    });
  });

  whenThere('refuses classes whose source is gone', async () => {
    const source = join(folder, COMMANDS_JAVA, 'AttributesImpl.java');
    const away = join(folder, 'AttributesImpl.txt');
    const { rename } = await import('node:fs/promises');
    await rename(source, away);
    const found = await failure();
    await rename(away, source);
    expect(found.message).toBe(
      `compiled classes have no source any more: ${PACKAGE}.AttributesImpl`,
    );
  });

  whenThere('refuses a JRE, and a machine without the build tool', async () => {
    const bin = await temporaryFolder('bin');
    const { runCommand } = await import('../../testing/run-command.js');
    for (const program of ['java', 'sh', 'node']) {
      const { stdout } = await runCommand('sh', ['-c', `command -v ${program}`]);
      await symlink(stdout.trim(), join(bin, program));
    }
    const found = await failure({ environment: { ...environment, PATH: bin } });
    expect(found.message).toBe('there is no javac on PATH');
    expect(found.hint).toContain('set up a JDK');
    // Nor is there what knows the class path.
    for (const [file, program] of [
      ['pom.xml', 'mvn'],
      ['build.gradle', 'gradle'],
    ] as const) {
      await writeFile(join(folder, file), '');
      const without = await failure({ environment: { PATH: bin } });
      await rm(join(folder, file));
      expect(without.message).toBe(`there is no ${program} on PATH`);
      expect(without.hint).toContain('before this action');
    }
    await removeFolder(bin);
  });
});

describe('the Java replayer in a Maven project', () => {
  let workspace: Workspace;

  beforeAll(async () => {
    if (!sdk.available) return;
    workspace = await commandsJavaWorkspace(sdk, { files: { 'pom.xml': pomOf(JAVA_SDKS.newest) } });
  });
  afterAll(async () => {
    if (sdk.available) await workspace.remove();
  });

  whenThere('asks Maven for the class path', async () => {
    const replayer = await JavaReplayer.start(workspace.application);
    const result = await replayer.replay(commandsJavaHistory('timers'));
    await replayer.stop();
    expect(result).toMatchObject({ outcome: 'passed' });
  });

  whenThere(
    'takes the classes of another module of the checkout, and not its archive',
    async () => {
      const root = await temporaryFolder('modules');
      const module = join(root, 'workflows');
      const shared = join(root, 'shared');
      await mkdir(join(root, '.git'), { recursive: true });
      await write(module, 'pom.xml', withShared(pomOf(JAVA_SDKS.newest)));
      await write(module, 'src/main/java/app/GreetingImpl.java', GREETING);
      await write(shared, 'pom.xml', SHARED);
      await write(shared, 'src/main/java/app/Greeting.java', INTERFACE);
      await compileJava(shared, required(sdk));
      const { runCommand } = await import('../../testing/run-command.js');
      // What an older checkout has left in Maven's repository.
      const repository = join(
        root,
        'repository',
        'com',
        'example',
        'gate',
        'shared-of-replay',
        '1',
      );
      await mkdir(repository, { recursive: true });
      await write(repository, 'shared-of-replay-1.pom', SHARED);
      await runCommand('jar', [
        'cf',
        join(repository, 'shared-of-replay-1.jar'),
        '-C',
        module,
        'pom.xml',
      ]);
      const ofShared = join(shared, 'target', 'classes');
      await compileJava(module, {
        ...required(sdk),
        classPath: `${ofShared}:${required(sdk).classPath}`,
      });
      const { mavenClassPath } = await import('../../replayers/java/maven.js');
      const { readCheckout } = await import('../../replayers/java/checkout.js');
      const bin = await mavenThatSays(root, [
        join(repository, 'shared-of-replay-1.jar'),
        '/elsewhere/x/1/x-1.jar',
      ]);
      const { entries } = mavenClassPath(module, readCheckout(module), bin);
      expect(entries).toEqual([
        join(module, 'target', 'classes'),
        ofShared,
        '/elsewhere/x/1/x-1.jar',
      ]);
      await rm(ofShared, { recursive: true });
      expect(() => mavenClassPath(module, readCheckout(module), bin)).toThrow(
        /no compiled classes in .*shared/u,
      );
      await removeFolder(root);
    },
  );

  whenThere('refuses what is not compiled', async () => {
    await rm(join(workspace.application, 'target'), { recursive: true });
    expect(await failureToStartJava(workspace.application)).toMatchObject({
      message: expect.stringContaining('there are no compiled classes in'),
      hint: 'run mvn compile in a step before this action',
    });
  });

  whenThere('says what Maven says, and where there is no build', async () => {
    await writeFile(join(workspace.application, 'pom.xml'), '<project>');
    expect((await failureToStartJava(workspace.application)).message).toContain(
      'Maven does not tell the class path: ',
    );
    await rm(join(workspace.application, 'pom.xml'));
    expect((await failureToStartJava(workspace.application)).message).toContain(
      'there is no pom.xml, build.gradle or build.gradle.kts',
    );
  });
});

async function write(folder: string, name: string, text: string): Promise<void> {
  const path = join(folder, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, text);
}

/** A wrapper in the checkout that gives this class path, as a Maven does that knows these archives. */
async function mavenThatSays(root: string, jars: readonly string[]): Promise<string> {
  const script = `#!/bin/sh\nfor a in "$@"; do case "$a" in -Dmdep.outputFile=*) printf '%s' '${jars.join(':')}' > "\${a#*=}";; esac; done\n`;
  await writeFile(join(root, 'mvnw'), script, { mode: 0o755 });
  return root;
}

const SHARED = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.example.gate</groupId>
  <artifactId>shared-of-replay</artifactId>
  <version>1</version>
</project>
`;

const INTERFACE = `package app;

@io.temporal.workflow.WorkflowInterface
public interface Greeting {
  @io.temporal.workflow.WorkflowMethod
  void run();
}
`;

const GREETING = `package app;

public class GreetingImpl implements Greeting {
  @Override
  public void run() {}
}
`;

function withShared(pom: string): string {
  return pom.replace(
    '<dependencies>',
    `<dependencies>
    <dependency>
      <groupId>com.example.gate</groupId>
      <artifactId>shared-of-replay</artifactId>
      <version>1</version>
    </dependency>`,
  );
}
