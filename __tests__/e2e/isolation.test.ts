import { beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync, symlinkSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { IsolationRung } from '../../src/model/isolation.js';
import { figure } from '../../testing/notes.js';
import { canHunt, hunt, type Bag, type Situation } from '../../testing/hunts/hunting-ground.js';
import { ordersWorkspace } from '../../testing/orders-application.js';
import { projectRoot } from '../../testing/project-root.js';
import { checkPullRequest, type CheckResult } from '../../testing/pull-request-check.js';
import { runCommand } from '../../testing/run-command.js';
import { reaches } from '../../testing/tiers.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';

/** The table of hunts in docs/security.md, cell by cell: code under test that hunts in the real action. */

const [head = [], , ...rows] = readFileSync(join(projectRoot, 'docs/security.md'), 'utf8')
  .split('\n## ')
  .filter((section) => section.startsWith('Isolation'))
  .flatMap((section) => section.split('\n'))
  .filter((line) => line.startsWith('| '))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  )
  .filter((cells) => cells.length > 4);

const reason = await canHunt();
if (reason !== undefined && process.env['CI']) throw new Error(`no hunt can be held: ${reason}`);
if (reason !== undefined) console.warn(`The hunts are skipped: ${reason}.`);

/** As the head of a column says it: `as root, no-new-privs` or `environment, sealed`. */
function situationOf(column: string): Situation {
  const words = column.split(', ');
  const user = words[0] === 'as root' ? 'root' : 'other';
  const rung = words.find((word) => word !== 'as root' && word !== 'sealed') as IsolationRung;
  return { rung, user, sealed: words.includes('sealed') };
}

test('the table has a column for each rung, as root and as another', () => {
  const all = head.slice(1).map(situationOf);
  for (const user of ['root', 'other'] as const) {
    expect([...new Set(all.filter((each) => each.user === user).map(({ rung }) => rung))]).toEqual([
      'environment',
      'no-new-privs',
      'user-namespaced',
      'namespaced',
    ]);
  }
  expect(rows.length).toBe(12);
});

/** The rung that most jobs have, and the one that holds nothing off. */
const FAST = ['namespaced, sealed', 'environment'];
const columns = head.slice(1).filter((column) => reaches('middle') || FAST.includes(column));

(reason === undefined ? describe : describe.skip).each(columns)('%s', (column) => {
  const situation = situationOf(column);
  let bag: Bag;
  beforeAll(async () => {
    bag = await hunt(situation);
  });

  test.each(rows)('%s', (name = '', ...cells) => {
    expect(bag.found).toHaveProperty([name]);
    const found = bag.found[name] ? 'not defended' : 'denied';
    expect(found).toBe(cells[head.indexOf(column) - 1]);
    figure('isolation', 'hunt of code under test for what its parent holds');
  });

  test('the report tells it', () => {
    expect(bag.isolation).toEqual({
      rung: situation.rung,
      sealed: situation.sealed,
      root: situation.user === 'root',
    });
    const words = bag.result.summary.split('\n').find((line) => line.startsWith('| Isolation'));
    expect(words?.replaceAll('&#45;', '-')).toContain(situation.rung);
    const warned = bag.result.annotations.some(({ message }) => message.includes('Isolation is'));
    expect(warned).toBe(situation.rung === 'environment');
    expect(bag.result.outputs).toMatchObject({ verdict: 'compatible', passed: '1' });
  });

  test('user, home and working directory stay, and nothing is left behind', () => {
    expect(bag).toMatchObject({ uid: bag.runsAs, cwd: bag.workspace });
    expect(bag.home).toMatch(/\/home$/u);
    expect(bag.result.leftBehind).toEqual([]);
    expect(/^NoNewPrivs:\t(.*)$/mu.exec(bag.status)?.[1]).toBe(
      situation.rung === 'environment' ? '0' : '1',
    );
    if (situation.rung === 'namespaced') expect(bag.status).toMatch(/^CapEff:\t0+$/mu);
  });
});

/** Programs of a step on a machine that has none which isolate. */
async function bareMachine(): Promise<Readonly<Record<string, string>>> {
  const bin = await temporaryFolder('bin');
  symlinkSync(process.execPath, join(bin, 'node'));
  for (const program of ['git', 'sh']) {
    const { stdout } = await runCommand('/bin/sh', ['-c', `command -v ${program}`]);
    symlinkSync(stdout.trim(), join(bin, program));
  }
  return { PATH: bin };
}

describe('a machine that has no rung but the last', () => {
  async function check(isolation: string): Promise<CheckResult> {
    const workspace = await ordersWorkspace({ patch: 'compatible' });
    await cp(
      join(projectRoot, '__tests__', 'fixtures', 'histories', 'orders-1.24.0'),
      join(workspace.path, 'histories'),
      { recursive: true },
    );
    const result = await checkPullRequest(workspace, {
      title: '[compatible-v1.0] Ship faster',
      inputs: { histories: 'histories/order-charging.json', isolation },
      env: await bareMachine(),
    });
    await workspace.remove();
    return result;
  }

  test('is red where a rung is named, with the way out', async () => {
    const result = await check('no-new-privs');
    expect([result.exitCode, result.outputs['verdict'], result.outputs['reason']]).toEqual([
      1,
      'inconclusive',
      'error',
    ]);
    expect(result.annotations[0]?.message).toMatch(
      /Input isolation is "no-new-privs".*there is no setpriv on PATH.*set isolation to auto/u,
    );
  });

  test('takes the last by itself, and warns', async () => {
    const result = await check('auto');
    expect([result.exitCode, result.outputs['verdict']]).toEqual([0, 'compatible']);
    expect(result.log).toContain(
      'Isolation namespaced does not work here: there is no setpriv on PATH',
    );
    expect(result.annotations.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^Isolation is "environment", the lowest rung/u),
    );
  });
});
