/** @tier middle */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { findAct, type WorkflowRun } from '../../testing/act.js';
import { findGoSdk, GO_SDKS, goCaches } from '../../testing/go-modules.js';
import { goOrdersApplication, goOrdersWorkspace } from '../../testing/go-orders.js';
import { startKeyServer, type KeyServer } from '../../testing/json-web-keys.js';
import { findNode24 } from '../../testing/node24.js';
import type { OrdersPatch } from '../../testing/orders-application.js';
import { checksOf, recordingCli, runRecipe, type RecipeRun } from '../../testing/recipes.js';
import { findTemporalCli, findTemporalServer } from '../../testing/temporal-binary.js';
import { startServer, type RunningTlsServer } from '../../testing/temporal-server.js';
import { skipUnless } from '../../testing/skip-unless.js';
import { required } from '../../testing/toolchain.js';
import { setCurrentVersion } from '../../testing/worker-deployments.js';

/**
 * The recipes for Go and Temporal Cloud, followed by the letter against a server that is as Temporal Cloud: TLS, an
 * API key, a namespace in its form, and a Worker Deployment whose current version has executions that auto-upgrade.
 */
const act = await findAct();
const node24 = await findNode24();
const cli = await findTemporalCli();

skipUnless(act, node24, cli, await findTemporalServer(), await findGoSdk(GO_SDKS.newest)).describe(
  'recipes for Go on a server with TLS and an API key',
  () => {
    const namespace = 'orders.a1b2c';
    const ends: (() => Promise<unknown>)[] = [];
    let keys: KeyServer;
    let server: RunningTlsServer;
    let authority: string;
    let admin: { address: string; namespace: string; apiKey: string; tls: object };
    let environment: Record<string, string>;

    beforeAll(async () => {
      keys = await startKeyServer();
      ends.push(() => keys.stop());
      const apiKey = keys.token({ subject: 'admin', permissions: ['temporal-system:admin'] });
      const authorization = { keySourceUri: keys.url, adminKey: apiKey };
      server = await startServer({ tls: true, namespace, authorization });
      ends.push(() => server.stop());
      const { ca } = server.certificates;
      authority = ca.certPath;
      admin = {
        address: server.address,
        namespace,
        apiKey,
        tls: { serverRootCACertificate: Buffer.from(ca.cert) },
      };
      environment = { TEMPORAL_API_KEY: apiKey, TEMPORAL_TLS_SERVER_CA_CERT_PATH: authority };
      const application = await goOrdersApplication();
      const worker = await application.startWorker(version('b1'));
      await setCurrentVersion(admin, 'orders', 'b1');
      await application.startExecutions(version('b1'), 1, [
        'order-waiting-for-approval',
        'order-charging',
        'order-completed',
      ]);
      await worker.stop();
      await application.remove();
    }, 300_000);
    afterAll(async () => {
      for (const end of ends.toReversed()) await end();
    });

    const version = (buildId: string) => ({
      server,
      taskQueue: 'orders',
      buildId,
      deployment: { name: 'orders', defaultBehavior: 'auto-upgrade' as const },
      environment,
    });

    const run = async (
      file: string,
      patch: OrdersPatch,
      more: Partial<RecipeRun> = {},
    ): Promise<WorkflowRun> =>
      runRecipe({
        act: required(act).path,
        node: required(node24).path,
        file,
        server: { address: server.address, namespace, authority },
        workspace: (files) => goOrdersWorkspace({ patch, files }),
        // It may only read.
        secrets: {
          TEMPORAL_API_KEY: keys.token({ subject: 'replay', permissions: [`${namespace}:read`] }),
        },
        ...more,
        env: { ...(await goCaches()), ...more.env },
      });

    const conclusions = (result: WorkflowRun): readonly string[] =>
      result.jobs.map((job) => job.conclusion);

    test.each<[what: string, file: string, title: string]>([
      ['a claim of what runs now', 'go.yml', '[compatible-current] Check orders for fraud'],
      ['a forgotten claim', 'go.yml', 'Check orders for fraud'],
      ['a claim by its ID', 'github-enterprise-server.yml', '[compatible-b1] Check for fraud'],
    ])('a break is red with its line: %s in %s', async (_, file, title) => {
      const result = await run(file, 'incompatible', { title });
      expect(conclusions(result)).toEqual(['failure']);
      const [check] = checksOf(result);
      expect(check?.outputs).toMatchObject({ verdict: 'incompatible' });
      expect(check?.annotations[0]).toMatchObject({ level: 'error', file: 'orders/order.go' });
      expect(check?.annotations[0]?.message).toMatch(/The baseline passes: this change breaks it/u);
      expect(check?.annotations[0]?.message).toContain('workflow.GetVersion(ctx,');
    });

    test('behind GetVersion it is green, in the merge queue too', async () => {
      const title = '[compatible-current] Check orders for fraud';
      const result = await run('go.yml', 'compatible', { title, event: 'merge_group' });
      expect(conclusions(result)).toEqual(['success']);
      const [check] = checksOf(result);
      expect(check?.outputs).toMatchObject({ verdict: 'compatible', nondeterministic: '0' });
    });

    const deploy = async (patch: OrdersPatch) => {
      const recording = await recordingCli(required(cli).path, authority);
      const result = await run('deploy-gate.yml', patch, {
        event: 'workflow_dispatch',
        inputs: { 'build-id': 'b2' },
        secrets: { TEMPORAL_API_KEY: admin.apiKey },
        env: { GOPATH: recording.goPath },
        replace: [
          ['run: go install github.com/temporalio/cli/cmd/temporal@v1.5.1', 'run: go version'],
          ['SOAK: 10m', 'SOAK: 0s'],
        ],
      });
      return { result, routings: await recording.routings() };
    };

    test('the deploy gate stops before it routes anything to code that breaks', async () => {
      const { result, routings } = await deploy('incompatible');
      expect(conclusions(result)).toEqual(['failure']);
      expect(checksOf(result).map((check) => check.outputs['verdict'])).toEqual(['incompatible']);
      expect(routings).toEqual([]);
    });

    test('else it checks before 10 %, 50 % and all, and the night after is quiet', async () => {
      const application = await goOrdersApplication({ patch: 'compatible' });
      ends.push(() => application.remove());
      const worker = await application.startWorker(version('b2'));
      ends.push(() => worker.stop());
      const { result, routings } = await deploy('compatible');
      expect(conclusions(result)).toEqual(['success']);
      expect(checksOf(result).map((check) => check.outputs['verdict'])).toEqual(
        Array(3).fill('compatible'),
      );
      expect(
        routings.map((each) => [
          each.currentVersionBuildID,
          each.rampingVersionBuildID,
          each.rampingVersionPercentage,
        ]),
      ).toEqual([
        ['b1', 'b2', 10],
        ['b1', 'b2', 50],
        ['b2', '', 0],
      ]);

      const night = await run('nightly.yml', 'compatible', { event: 'schedule' });
      expect(night.jobs.map((job) => [job.id, job.conclusion]).toSorted()).toEqual([
        ['drift', 'success'],
        ['retirement', 'success'],
      ]);
      const steps = night.jobs.flatMap((job) => job.steps);
      const retired = steps.find((step) => 'retirable' in step.outputs);
      expect(retired?.summary).toContain('<code>orders&#58;b2</code> | current');
    });
  },
);
