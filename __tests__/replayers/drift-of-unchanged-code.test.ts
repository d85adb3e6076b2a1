import { describe, expect, jest, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reviewDrift, type DriftRecord } from '../../src/diagnosis/drift.js';
import { ordersWorkspace } from '../../testing/orders-application.js';
import { projectRoot } from '../../testing/project-root.js';
import { makeWorkspace, type Workspace } from '../../testing/workspace.js';
import { COMMANDS_NAMESPACE } from '../fixtures/commands-scenarios.js';
import { readFixtures } from '../fixtures/histories.js';
import { commandsWorkspace } from './commands-application.js';
import { TypeScriptReplayer, type ReplayerOptions } from './typescript-replayer.js';
import { temporalReader } from '../../src/temporal/reader.js';

jest.setTimeout(90_000);

/** Code that nobody changed drifts nowhere: what servers and SDKs fill in is no difference. */
/** All workflows of the diagnosis corpus in one module; each has its own file there. */
function corpusWorkspace(): Promise<Workspace> {
  const from = join(projectRoot, 'bench', 'diagnosis', 'corpus');
  const exports = readdirSync(from)
    .filter((file) => file !== 'activities.ts')
    .flatMap((file) => {
      const source = readFileSync(join(from, file), 'utf8');
      const names = [...source.matchAll(/^export async function (\w+)/gmu)].map(([, name]) => name);
      return names.length === 0
        ? []
        : [`export { ${names.join(', ')} } from './${file.replace(/\.ts$/u, '')}';\n`];
    });
  return makeWorkspace({
    from,
    nodeModules: join(projectRoot, 'node_modules'),
    files: { 'index.ts': exports.join('') },
  });
}

const APPLICATIONS: readonly (readonly [
  set: string,
  make: () => Promise<Workspace>,
  options: (workspace: Workspace) => ReplayerOptions,
  undecoded: readonly string[],
])[] = [
  ['orders-1.24.0', () => ordersWorkspace(), () => ({}), []],
  [
    'orders-encrypted-1.24.0',
    () => ordersWorkspace(),
    ({ application }) => ({ module: join(application, 'src', 'replay-options.ts') }),
    ['binary/encrypted'],
  ],
  ['corpus-1.24.0', corpusWorkspace, () => ({ workflows: 'index.ts' }), []],
  ...['commands-1.24.0', 'commands-1.13.2', 'commands-1.8.0'].map(
    (set) => [set, commandsWorkspace, () => ({ namespace: COMMANDS_NAMESPACE }), []] as const,
  ),
];

describe.each(APPLICATIONS)('unchanged code of %s', (set, make, options, undecoded) => {
  test('shows no drift', async () => {
    const workspace = await make();
    const replayer = await TypeScriptReplayer.start(workspace.application, options(workspace));
    const records: DriftRecord[] = [];
    for (const fixture of readFixtures(set)) {
      const result = await replayer.replay(fixture, true);
      expect({ name: fixture.name, ...result }).toMatchObject({ outcome: 'passed' });
      const { execution, history } = fixture.read;
      records.push({ execution, history: history.bytes, result });
    }
    await replayer.stop();
    await workspace.remove();
    const carried = records
      .flatMap(({ result }) => result.commands ?? [])
      .map((one) => one.carries);
    expect(carried.filter((one) => one !== undefined).length).toBeGreaterThan(records.length);
    const review = reviewDrift(records, { locate: () => undefined, reader: temporalReader });
    expect(review).toEqual({ differences: [], undecoded });
  });
});
