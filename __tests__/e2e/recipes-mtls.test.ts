/** @tier middle */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { findAct, type WorkflowRun } from '../../testing/act.js';
import { findNode24 } from '../../testing/node24.js';
import {
  OrdersApplication,
  ordersWorkspace,
  type OrdersPatch,
} from '../../testing/orders-application.js';
import { projectRoot } from '../../testing/project-root.js';
import { checksOf, runRecipe } from '../../testing/recipes.js';
import { findTemporalServer } from '../../testing/temporal-binary.js';
import { clientTls, startServer, type RunningTlsServer } from '../../testing/temporal-server.js';
import { skipUnless } from '../../testing/skip-unless.js';
import { required } from '../../testing/toolchain.js';
import { setCurrentVersion } from '../../testing/worker-deployments.js';

/** The recipes for TypeScript against a server that wants a client certificate. */
const act = await findAct();
const node24 = await findNode24();

skipUnless(act, node24, await findTemporalServer()).describe(
  'recipes on a server with mTLS',
  () => {
    const namespace = 'orders.a1b2c';
    /** Of the encrypted executions: no code in the repository has it. */
    const key = randomBytes(32).toString('base64');
    let server: RunningTlsServer;

    beforeAll(async () => {
      server = await startServer({ tls: true, namespace });
      const { ca, client } = server.certificates;
      const run = {
        server,
        taskQueue: 'orders',
        buildId: 'b1',
        deployment: { name: 'orders', defaultBehavior: 'auto-upgrade' as const },
        environment: {
          TEMPORAL_TLS_SERVER_CA_CERT_PATH: ca.certPath,
          TEMPORAL_TLS_CLIENT_CERT_PATH: client.certPath,
          TEMPORAL_TLS_CLIENT_KEY_PATH: client.keyPath,
        },
      };
      const application = await OrdersApplication.compile();
      const worker = await application.startWorker(run);
      const tls = clientTls(server.certificates);
      await setCurrentVersion({ address: server.address, namespace, tls }, 'orders', 'b1');
      await application.startExecutions(run, 1, ['order-waiting-for-approval', 'order-charging']);
      await worker.stop();
      const encrypted = {
        ...run,
        taskQueue: 'encrypted',
        deployment: { ...run.deployment, name: 'encrypted' },
        environment: { ...run.environment, ENCRYPT: '1', ENCRYPTION_KEY: key },
      };
      const other = await application.startWorker(encrypted);
      await setCurrentVersion({ address: server.address, namespace, tls }, 'encrypted', 'b1');
      await application.startExecutions(encrypted, 1, ['order-charging']);
      await other.stop();
      await application.remove();
    }, 120_000);
    afterAll(() => server.stop());

    const run = (file: string, patch: OrdersPatch, title: string): Promise<WorkflowRun> =>
      runRecipe({
        act: required(act).path,
        node: required(node24).path,
        file,
        title,
        server: { address: server.address, namespace, authority: server.certificates.ca.certPath },
        workspace: (files) => ordersWorkspace({ patch, files }),
        secrets: {
          TEMPORAL_CLIENT_CERT: server.certificates.client.certPath,
          TEMPORAL_CLIENT_KEY: server.certificates.client.keyPath,
        },
        replace: [
          // The checkout has its packages; its base line gets them.
          ['npm ci', `test -d node_modules || ln -s ${join(projectRoot, 'node_modules')} .`],
        ],
      });

    test('a compatible pull request makes the job of typescript.yml succeed', async () => {
      const result = await run('typescript.yml', 'compatible', '[compatible-current] Check orders');
      expect(result.jobs.map((job) => job.conclusion)).toEqual(['success']);
      const [check] = checksOf(result);
      expect(check?.outputs).toMatchObject({ verdict: 'compatible' });
      expect(check?.summary).toMatch(/✅ Compatible/u);
    });

    test('an incompatible one makes that of private-network.yml fail, with the line', async () => {
      const result = await run(
        'private-network.yml',
        'incompatible',
        '[compatible-b1] Check orders',
      );
      expect(result.jobs.map((job) => job.conclusion)).toEqual(['failure']);
      const [check] = checksOf(result);
      expect(check?.outputs).toMatchObject({ verdict: 'incompatible' });
      expect(check?.annotations[0]).toMatchObject({
        level: 'error',
        file: 'src/workflows/order.ts',
      });
      expect(check?.annotations[0]?.message).toContain(
        'The baseline passes: this change breaks it',
      );
    });

    /** A pull request whose own codec server would tell the key. */
    const encrypted = (
      patch: OrdersPatch,
      more: Record<string, string> = {},
    ): Promise<WorkflowRun> =>
      runRecipe({
        act: required(act).path,
        node: required(node24).path,
        file: 'encrypted-payloads.yml',
        title: '[compatible-current] Check orders',
        server: { address: server.address, namespace, authority: server.certificates.ca.certPath },
        workspace: (files) =>
          ordersWorkspace({
            patch,
            files: {
              ...files,
              'src/codec-server.ts': 'console.log(`KEY ${process.env.ENCRYPTION_KEY}`);\n',
            },
          }),
        secrets: {
          TEMPORAL_CLIENT_CERT: server.certificates.client.certPath,
          TEMPORAL_CLIENT_KEY: server.certificates.client.keyPath,
          TEMPORAL_REPLAY_PASSPHRASE: randomBytes(16).toString('hex'),
          ENCRYPTION_KEY: key,
          ...more,
        },
        replace: [
          ['task-queue: orders', 'task-queue: encrypted'],
          ['npm ci --ignore-scripts', `ln -s ${join(projectRoot, 'node_modules')} .`],
          ['npm ci', `test -d node_modules || ln -s ${join(projectRoot, 'node_modules')} .`],
        ],
      });
    const verdictsOf = (result: WorkflowRun): unknown[] =>
      checksOf(result).map(({ outputs }) => outputs['verdict']);

    test('the fetch job of encrypted-payloads.yml decodes by a codec server of the default branch', async () => {
      const result = await encrypted('incompatible');
      expect(result.jobs.map(({ conclusion }) => conclusion)).toEqual([
        'success',
        'success',
        'success',
        'failure',
      ]);
      expect(verdictsOf(result)).toEqual(['incompatible']);
      expect(result.output).toContain('Success - Main Stop the codec server');
      expect(result.output).not.toContain('KEY ');
      expect(result.output).not.toContain(key);
    });

    test('with another key nothing is decoded, and the check is red for that', async () => {
      const result = await encrypted('compatible', {
        ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      });
      expect(verdictsOf(result)).toEqual(['inconclusive']);
      expect(checksOf(result)[0]?.summary).toContain('cannot decode');
    });
  },
);
