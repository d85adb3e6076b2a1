import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  deploymentEvent,
  issueCommentEvent,
  mergeGroupEvent,
  pullRequestEvent,
  pullRequestReviewEvent,
  pullRequestTargetEvent,
  pushEvent,
  releaseEvent,
  scheduleEvent,
  workflowDispatchEvent,
  workflowRunEvent,
  type TriggerEvent,
} from '../../testing/event.js';
import type { FakeGitHub } from '../../testing/fake-github.js';
import { JUDGED_INPUTS, judgedWorkspace } from '../../testing/judged-workspace.js';
import { ordersServer } from '../../testing/orders-server.js';
import {
  checkHere,
  type CheckOptions,
  type CheckResult,
} from '../../testing/pull-request-check.js';
import { reportProblems } from '../../testing/report-schema.js';
import type { Workspace } from '../../testing/workspace.js';

/**
 * The built action, started by each of GitHub's events, with a real server and the fake GitHub. What the replay
 * of an execution comes to is said by a script.
 */

const NUMBER = 7;
const OTHER = 'f'.repeat(40);

let server: Awaited<ReturnType<typeof ordersServer>>;
let compatible: Workspace;
let incompatible: Workspace;
beforeAll(async () => {
  server = await ordersServer();
  compatible = await judgedWorkspace();
  incompatible = await judgedWorkspace({ breaks: ['order'] });
});
afterAll(async () => {
  await compatible.remove();
  await incompatible.remove();
  await server.stop();
});

async function check(
  workspace: Workspace,
  options: Partial<CheckOptions> = {},
): Promise<CheckResult> {
  const result = await checkHere(workspace, {
    title: '[compatible-v1.0] Check orders for fraud',
    ...options,
    inputs: {
      address: server.address,
      'task-queue': server.taskQueue,
      ...JUDGED_INPUTS,
      ...options.inputs,
    },
  });
  expect(result.violations).toEqual([]);
  expect(result.leftBehind ?? []).toEqual([]);
  const path = result.outputs['report'];
  if (path !== undefined)
    expect(reportProblems(JSON.parse(readFileSync(path, 'utf8')))).toEqual([]);
  return result;
}

/** Numbers and commits of a pull request in a checkout, as events carry them. */
const of = (workspace: Workspace) => ({
  number: NUMBER,
  headSha: workspace.headSha,
  baseSha: workspace.baseSha,
});

const GREEN = { exitCode: 0, outputs: { verdict: 'compatible', reason: 'all-replayed' } };
const RED = { exitCode: 1, outputs: { verdict: 'incompatible', reason: 'decisive-finding' } };

describe('pull_request, edited', () => {
  const edited = (workspace: Workspace, from: string): TriggerEvent =>
    pullRequestEvent(of(workspace), { action: 'edited', previousTitle: from });

  test('checks the claim that was just written', async () => {
    const result = await check(incompatible, { event: edited(incompatible, 'Check orders') });
    expect(result).toMatchObject(RED);
    expect(result.outputs['claim-removed']).toBe('');
  });

  test('says that the claim is gone when it was taken out, and is green', async () => {
    const result = await check(incompatible, {
      title: 'Check orders for fraud',
      event: edited(incompatible, '[compatible-v1.0] Check orders for fraud'),
    });
    expect(result.exitCode).toBe(0);
    expect(result.outputs).toMatchObject({ verdict: 'not-claimed', 'claim-removed': 'v1.0' });
    expect(result.annotations).toEqual([
      expect.objectContaining({
        level: 'warning',
        message: expect.stringMatching(/An earlier title claimed \[compatible-v1\.0\]/u),
      }),
    ]);
    expect(result.summary).toMatch(/An earlier title claimed/u);
    expect(JSON.parse(readFileSync(result.outputs['report'] ?? '', 'utf8'))).toMatchObject({
      removedClaim: 'v1.0',
    });
  });
});

describe('a title without a claim', () => {
  test('that made one some renamings ago is told by GitHub', async () => {
    const result = await check(compatible, {
      title: '[compatible-v1.0] Check orders',
      prepare: (github) => {
        github.rename('Check all orders', NUMBER);
        github.rename('Check orders', NUMBER);
      },
    });
    expect(result.exitCode).toBe(0);
    expect(result.outputs).toMatchObject({ verdict: 'not-claimed', 'claim-removed': 'v1.0' });
  });

  test('stays green when GitHub does not tell, with a warning that names the permission', async () => {
    const result = await check(compatible, {
      title: 'Check orders',
      prepare: (github) =>
        void github.fail({ kind: 'status', status: 403 }, { path: /\/events$/u }),
    });
    expect(result.exitCode).toBe(0);
    expect(result.outputs).toMatchObject({ verdict: 'not-claimed', 'claim-removed': '' });
    expect(result.annotations[0]?.message).toContain('pull-requests: read');
  });
});

test('a head that moves while the check runs is inconclusive', async () => {
  let asked = 0;
  const result = await check(compatible, {
    prepare: (github) => {
      onRequest(github, () => {
        asked += 1;
        if (asked === 1) github.update({ headSha: OTHER }, NUMBER);
      });
    },
  });
  expect(result.exitCode).toBe(1);
  expect(result.outputs).toMatchObject({ verdict: 'inconclusive', reason: 'moved' });
  expect(result.annotations[0]?.message).toContain(`moved to ${OTHER.slice(0, 12)}`);
});

test('a job that is run again after a push does not judge the old merge commit', async () => {
  const result = await check(compatible, {
    // The checkout is at what GITHUB_SHA says; the pull request is at another head by now.
    event: pullRequestEvent({
      ...of(compatible),
      headSha: 'e'.repeat(40),
      mergeSha: compatible.headSha,
    }),
    headSha: OTHER,
  });
  expect(result.exitCode).toBe(1);
  expect(result.outputs).toMatchObject({ verdict: 'inconclusive', reason: 'moved' });
});

/** After a request was answered. */
function onRequest(github: FakeGitHub, then: () => void): void {
  const push = github.requests.push.bind(github.requests);
  github.requests.push = (...requests) => {
    queueMicrotask(then);
    return push(...requests);
  };
}

describe('merge_group', () => {
  const BRANCH = 'release/2026';

  /**
   * A queue of pull request 5 and, built on it, 7, whose group's head is checked out. Titles of the
   * pull requests; undefined: 5 is not in the queue.
   */
  function group(workspace: Workspace, own: string, before?: string): Partial<CheckOptions> {
    const first = '5'.repeat(40);
    const below = before === undefined ? workspace.baseSha : first;
    const refOf = (number: number, baseSha: string): string =>
      `refs/heads/gh-readonly-queue/${BRANCH}/pr-${number}-${baseSha}`;
    return {
      title: own,
      event: mergeGroupEvent({ ...of(workspace), baseSha: below, baseRef: BRANCH }),
      prepare: (github) => {
        // The group's head is none of the pull request's own commits.
        github.update({ headSha: 'a'.repeat(40), baseRef: BRANCH }, NUMBER);
        github.setRef(`refs/heads/${BRANCH}`, workspace.baseSha);
        github.addCommit(workspace.headSha, [below], `Check orders (#${NUMBER})`);
        github.setRef(refOf(NUMBER, below), workspace.headSha);
        if (before === undefined) return;
        github.addPullRequest({ number: 5, title: before, baseRef: BRANCH });
        github.addCommit(first, [workspace.baseSha], 'A change of five');
        github.setRef(refOf(5, workspace.baseSha), first);
      },
    };
  }

  test('of one pull request with a claim that holds is green', async () => {
    const result = await check(compatible, group(compatible, '[compatible-v1.0] Check orders'));
    expect(result).toMatchObject(GREEN);
    expect(result.summary).toContain('#7');
  });

  test('without any claim is green and asks the server nothing', async () => {
    const result = await check(compatible, {
      ...group(compatible, 'Check orders', 'Ship'),
      inputs: { address: '127.0.0.1:1' },
    });
    expect(result.exitCode).toBe(0);
    expect(result.outputs['verdict']).toBe('not-claimed');
  });

  test('is checked for a claim of a pull request before it that this one breaks', async () => {
    const result = await check(
      incompatible,
      group(incompatible, 'Check orders', '[compatible-v1.0] Ship'),
    );
    expect(result).toMatchObject(RED);
    expect(result.annotations[0]?.title).toMatch(/\(#5\)$/u);
    const report: unknown = JSON.parse(readFileSync(result.outputs['report'] ?? '', 'utf8'));
    expect(report).toMatchObject({ pullRequests: [5], commit: incompatible.headSha });
  });

  test('with claims of two builds is checked for both, and the worst speaks', async () => {
    const reports = join(compatible.path, '.git', 'replay.json');
    const result = await check(compatible, {
      ...group(compatible, '[compatible-v1.0] Check orders', '[compatible-v9.9] Ship'),
      inputs: { reports },
    });
    expect(result.exitCode).toBe(1);
    expect(result.outputs).toMatchObject({
      verdict: 'inconclusive',
      reason: 'unknown-build',
      'build-id': 'v9.9',
    });
    // Both are told: in the summary, in the log, and beside each other on disk.
    expect(result.summary).toMatch(/❌ Inconclusive[^]*✅ Compatible/u);
    expect(result.log.join('\n')).toMatch(/✅ Compatible \(#7\):/u);
    const claims = [reports, reports.replace('.json', '-2.json')].map(
      (path) => (JSON.parse(readFileSync(path, 'utf8')) as { claim: unknown }).claim,
    );
    expect(claims).toMatchObject([{ buildId: 'v9.9' }, { buildId: 'v1.0' }]);
  });

  test('with claims of two builds that both hold is green', async () => {
    const result = await check(
      compatible,
      group(compatible, '[compatible-v1.0] Check orders', '[compatible-v2.1] Ship'),
    );
    expect(result).toMatchObject(GREEN);
    expect(result.summary.match(/✅ Compatible/gu)).toHaveLength(2);
  });

  test('with a malformed title is red', async () => {
    const result = await check(
      compatible,
      group(compatible, '[compatible-v1.0] Check orders', '[Compatible v1.0] Ship'),
    );
    expect(result.exitCode).toBe(1);
    expect(result.outputs).toMatchObject({ verdict: 'inconclusive', reason: 'malformed-claim' });
  });

  test('with a title that cannot be read is inconclusive', async () => {
    const options = group(compatible, 'Check orders', 'Ship');
    const result = await check(compatible, {
      ...options,
      prepare: (github) => {
        options.prepare?.(github);
        github.fail({ kind: 'status', status: 403 }, { path: /\/pulls\/5$/u });
      },
    });
    expect(result.exitCode).toBe(1);
    expect(result.outputs).toMatchObject({ verdict: 'inconclusive', reason: 'error' });
    expect(result.annotations[0]?.message).toContain('pull request 5 cannot be read');
  });

  test('with a commit that is nobody’s is inconclusive, and the commit is named', async () => {
    const options = group(compatible, 'Check orders', 'Ship');
    const result = await check(compatible, {
      ...options,
      prepare: (github) => {
        options.prepare?.(github);
        github.removeRef(`refs/heads/gh-readonly-queue/${BRANCH}/pr-5-${compatible.baseSha}`);
      },
    });
    expect(result.exitCode).toBe(1);
    expect(result.outputs).toMatchObject({ verdict: 'inconclusive', reason: 'error' });
    expect(result.annotations[0]?.message).toContain('555555555555 "A change of five"');
  });

  test('with a title that changes while the check runs is inconclusive', async () => {
    const options = group(compatible, '[compatible-v1.0] Check orders', 'Ship');
    const result = await check(compatible, {
      ...options,
      prepare: (github) => {
        options.prepare?.(github);
        onRequest(github, () => {
          const read = github.requests.filter(({ path }) => path.endsWith('/pulls/5'));
          if (read.length === 1 && github.pullRequest(5).title === 'Ship') {
            github.rename('[compatible-v3.0] Ship', 5);
          }
        });
      },
    });
    expect(result.exitCode).toBe(1);
    expect(result.outputs).toMatchObject({ verdict: 'inconclusive', reason: 'moved' });
  });

  test("with another commit checked out than the group's head is inconclusive", async () => {
    const options = group(compatible, '[compatible-v1.0] Check orders');
    const result = await check(incompatible, options);
    expect(result.exitCode).toBe(1);
    expect(result.outputs).toMatchObject({ verdict: 'inconclusive', reason: 'wrong-checkout' });
  });
});

describe.each<[string, (given: ReturnType<typeof of>) => TriggerEvent]>([
  ['push', pushEvent],
  ['workflow_dispatch', workflowDispatchEvent],
  ['deployment', deploymentEvent],
  ['release', releaseEvent],
  ['schedule', scheduleEvent],
])('%s', (name, event) => {
  const inputs = { 'build-id': 'v1.0' };

  test('checks the build ID of the input', async () => {
    const good = await check(compatible, { event: event(of(compatible)), inputs });
    expect(good).toMatchObject(GREEN);
    expect(good.outputs['build-id']).toBe('v1.0');
    expect(good.requests).toEqual([]);
    const bad = await check(incompatible, { event: event(of(incompatible)), inputs });
    expect(bad).toMatchObject(RED);
  });

  test('without a build ID or a title says what to set', async () => {
    const result = await check(compatible, { event: event(of(compatible)) });
    expect(result.exitCode).toBe(1);
    expect(result.outputs).toMatchObject({ verdict: 'inconclusive', reason: 'error' });
    expect(result.annotations).toHaveLength(1);
    expect(result.annotations[0]?.message).toMatch(
      new RegExp(`"${name}" brings no pull request.*set build-id`, 'u'),
    );
  });

  if (name !== 'schedule') {
    test('with another commit checked out is inconclusive', async () => {
      const result = await check(compatible, {
        event: event({ ...of(compatible), headSha: OTHER }),
        inputs,
      });
      expect(result.exitCode).toBe(1);
      expect(result.outputs).toMatchObject({ verdict: 'inconclusive', reason: 'wrong-checkout' });
      expect(result.annotations[0]?.message).toContain(OTHER.slice(0, 12));
    });
  } else {
    test('takes the commit that the workflow checks out, and names it', async () => {
      const result = await check(compatible, {
        event: event({ ...of(compatible), headSha: OTHER }),
        inputs,
      });
      expect(result).toMatchObject(GREEN);
      expect(result.summary).toContain(compatible.headSha);
    });
  }
});

test.each<[string, (given: ReturnType<typeof of>) => TriggerEvent]>([
  ['issue_comment', issueCommentEvent],
  ['pull_request_review', pullRequestReviewEvent],
])('%s is one clear error', async (name, event) => {
  const result = await check(compatible, { event: event(of(compatible)) });
  expect(result.exitCode).toBe(1);
  expect(result.outputs).toMatchObject({ verdict: 'inconclusive', reason: 'error' });
  expect(result.annotations[0]?.message).toContain(`"${name}" brings no pull request`);
});

describe.each<
  [string, (given: ReturnType<typeof of> & { headRepository?: string }) => TriggerEvent]
>([
  ['pull_request_target', pullRequestTargetEvent],
  ['workflow_run', workflowRunEvent],
])('%s', (_, event) => {
  test("of a branch of this repository checks the pull request's head", async () => {
    expect(await check(compatible, { event: event(of(compatible)) })).toMatchObject(GREEN);
    expect(await check(incompatible, { event: event(of(incompatible)) })).toMatchObject(RED);
  });

  test('does not take the base, which is checked out by default, for the pull request', async () => {
    // The checkout is at GITHUB_SHA, which holds none of the pull request's changes.
    const result = await check(compatible, {
      event: event({ ...of(compatible), headSha: OTHER, baseSha: compatible.headSha }),
      headSha: OTHER,
    });
    expect(result.exitCode).toBe(1);
    expect(result.outputs).toMatchObject({ verdict: 'inconclusive', reason: 'wrong-checkout' });
    expect(result.annotations[0]?.message).toContain("Check out the pull request's head");
  });

  test.each([{}, { 'build-id': 'v1.0' }, { title: '[compatible-v1.0] Try' }])(
    'of a fork is refused before anything runs, with the inputs %j too',
    async (inputs) => {
      const result = await check(compatible, {
        event: event({ ...of(compatible), headRepository: 'mallory/orders' }),
        inputs,
      });
      expect(result.exitCode).toBe(1);
      expect(result.outputs).toMatchObject({ verdict: 'inconclusive', reason: 'error' });
      expect(result.annotations[0]?.message).toMatch(/fork.*your secrets/u);
      expect(result.requests).toEqual([]);
    },
  );
});

test('workflow_run without a pull request checks the commit of that run, by build-id', async () => {
  const event = workflowRunEvent(of(compatible), { pullRequests: [] });
  const result = await check(compatible, { event, inputs: { 'build-id': 'v1.0' } });
  expect(result).toMatchObject(GREEN);
  const without = await check(compatible, { event });
  expect(without.annotations[0]?.message).toContain('"workflow_run" brings no pull request');
});
