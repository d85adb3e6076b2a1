/** @tier middle */
import { afterAll, beforeAll, describe, expect, jest } from '@jest/globals';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { compileJava, findJavaSdk, JAVA_SDKS, type JavaSdk } from '../../testing/java-sdk.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';
import { skipUnless } from '../../testing/skip-unless.js';
import { required } from '../../testing/toolchain.js';
import { failureToStartJava, JavaReplayer } from './java-replayer.js';

jest.setTimeout(300_000);

const sdk = await findJavaSdk(JAVA_SDKS.newest);
const whenThere = skipUnless(sdk).it;

const flow = (name: string): string =>
  `@io.temporal.workflow.WorkflowInterface\npublic interface ${name} {\n  @io.temporal.workflow.WorkflowMethod\n  void run();\n}`;
const body = '@Override public void run() {}';

const SOURCES: Readonly<Record<string, string>> = {
  Plain: flow('Plain'),
  Priced: flow('Priced'),
  PlainImpl: `public class PlainImpl extends Half {}`,
  Half: `public abstract class Half implements Plain { ${body} }`,
  // Workflow code registers such an object itself: it has no workflow.
  Listener: `@io.temporal.workflow.WorkflowInterface\npublic interface Listener {\n  @io.temporal.workflow.SignalMethod\n  void stop();\n}`,
  Stops: `public class Stops implements Listener { @Override public void stop() {} }`,
  Any: `public class Any implements io.temporal.workflow.DynamicWorkflow {
  @Override public Object execute(io.temporal.common.converter.EncodedValues arguments) { return null; }
}`,
  PricedImpl: `public class PricedImpl implements Priced {
  public PricedImpl(Settings settings) {}
  ${body}
}`,
  Settings: `public class Settings {}`,
  PlainToo: `public class PlainToo implements Plain { ${body} }`,
  Fake: `public class Fake implements Plain { ${body} }`,
  Workers: `public class Workers {
  public static void register(io.temporal.worker.Worker worker) {}
}`,
};

describe('the Java replayer that is not told which workflows', () => {
  let folder: string;
  let scratch: string;
  let environment: Readonly<Record<string, string>>;

  beforeAll(async () => {
    if (!sdk.available) return;
    folder = await temporaryFolder('discovery');
    scratch = await temporaryFolder('scratch');
    environment = {
      REPLAY_CLASSPATH: `target/classes:target/test-classes:${sdk.classPath}`,
    };
    for (const [name, text] of Object.entries(SOURCES)) {
      await mkdir(join(folder, 'src/main/java/app'), { recursive: true });
      await writeFile(join(folder, 'src/main/java/app', `${name}.java`), `package app;\n${text}\n`);
    }
    await compileJava(folder, required<JavaSdk>(sdk));
    await move('src/main/java/app/Fake.java', 'src/test/java/app/Fake.java');
    await move('target/classes/app/Fake.class', 'target/test-classes/app/Fake.class');
    for (const name of ['Any', 'PricedImpl', 'PlainToo']) await take(name);
  });
  afterAll(async () => {
    if (!sdk.available) return;
    await removeFolder(folder);
    await removeFolder(scratch);
  });

  const move = async (from: string, to: string): Promise<void> => {
    await mkdir(dirname(join(folder, to)), { recursive: true });
    await rename(join(folder, from), join(folder, to));
  };
  const take = (name: string): Promise<void> =>
    move(`target/classes/app/${name}.class`, `away/${name}.class`);
  const put = (name: string): Promise<void> =>
    move(`away/${name}.class`, `target/classes/app/${name}.class`);

  const ready = async (workflows?: string): Promise<JavaReplayer['ready']> => {
    const options = { environment, scratch, ...(workflows === undefined ? {} : { workflows }) };
    const replayer = await JavaReplayer.start(folder, options);
    await replayer.stop();
    return replayer.ready;
  };
  const refused = async (workflows?: string): Promise<string> => {
    const options = { environment, scratch, ...(workflows === undefined ? {} : { workflows }) };
    const { message, hint = '' } = await failureToStartJava(folder, options);
    return `${message} → ${hint}`;
  };

  whenThere('takes what a worker runs: no double of the tests, nothing abstract', async () => {
    const found = await ready();
    expect(found).toMatchObject({ workflowTypes: ['Plain'], dynamic: false });
    expect(found.skipped).toBeUndefined();
    expect(await ready('app.Fake')).toMatchObject({ workflowTypes: ['Plain'] });
  });

  whenThere('takes a dynamic workflow', async () => {
    await put('Any');
    expect(await ready()).toMatchObject({ workflowTypes: ['Plain'], dynamic: true });
    // What it leaves out would be given to the dynamic workflow.
    await put('PricedImpl');
    expect(await refused()).toMatch(
      /app\.PricedImpl: its constructor .* as in app\.Workers#register$/u,
    );
    await take('Any');
  });

  whenThere(
    'leaves out what only the application can make, and says how to register it',
    async () => {
      const { skipped, workflowTypes } = await ready();
      expect(workflowTypes).toEqual(['Plain']);
      expect(skipped).toMatchObject([
        {
          what: 'app.PricedImpl',
          why: expect.stringMatching(
            /wants arguments \(Settings\).*registerWorkflowImplementationFactory\(Priced\.class, \(\) -> new PricedImpl\(…\)\)/u,
          ),
        },
      ]);
      expect(await refused('app.PricedImpl')).toMatch(
        /wants arguments .* such methods are app\.Workers#register$/u,
      );
      await take('PricedImpl');
    },
  );

  whenThere('names both of two classes for one type', async () => {
    await put('PlainToo');
    expect(await refused()).toBe(
      'several classes implement the workflow type Plain: app.PlainImpl (src/main/java/app/PlainImpl.java), ' +
        'app.PlainToo (src/main/java/app/PlainToo.java) → name the classes that the worker registers, and only those, ' +
        'in the input workflows: app.PlainImpl',
    );
    await take('PlainToo');
  });

  whenThere('says which Java a class needs', async () => {
    const path = join(folder, 'target/classes/app/PlainImpl.class');
    const before = await readFile(path);
    const newer = Buffer.from(before);
    newer.writeUInt16BE(44 + 99, 6);
    await writeFile(path, newer);
    const needs = /compiled for Java 99, and the java on PATH is Java \d+: set up the Java/u;
    expect(await refused()).toMatch(needs);
    expect(await refused('app.PlainImpl')).toMatch(needs);
    await writeFile(path, before);
  });

  whenThere('leads from a slip in a name to what is there', async () => {
    expect(await refused('app.PlainImp')).toMatch(
      /there is no class app\.PlainImp .* are app\.PlainImpl$/u,
    );
    expect(await refused('app.Plain')).toMatch(/it is abstract, .*: app\.PlainImpl →/u);
    expect(await refused('app.Workers.register')).toContain(
      'did you mean the method app.Workers#register?',
    );
    await rm(join(folder, 'target/classes/app/PlainImpl.class'));
    expect(await refused()).toContain(
      'only classes in the sources of tests implement a workflow: app.Fake',
    );
  });
});
