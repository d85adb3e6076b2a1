import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { atHome } from '../../src/report/at-home.js';
import { CLAIMED } from '../builders/evidence.js';
import { anExecution } from '../builders/executions.js';
import { aVersionSetTarget } from '../builders/gate-parts.js';
import { hostileText } from '../untrusted/hostile-text.js';

test('no name in a command is more than one word of a shell', () => {
  fc.assert(
    fc.property(hostileText, hostileText, (workflowId, namespace) => {
      const target = aVersionSetTarget({ namespace, address: workflowId });
      const [show = ''] =
        atHome(anExecution({ workflowId, runId: namespace }), target, CLAIMED, 'true')?.split(
          '\n',
        ) ?? [];
      const call = show.replace(/^temporal /u, `printf '%s\\n' `).replace(/ > history\.json$/u, '');
      const words = execFileSync('sh', ['-c', call], { encoding: 'utf8' }).trimEnd().split('\n');
      expect(words).toHaveLength(12);
      expect(words.filter((_, index) => index % 2 === 0)).toEqual([
        'workflow',
        '--address',
        '--namespace',
        '--workflow-id',
        '--run-id',
        '--output',
      ]);
    }),
    { numRuns: 60 },
  );
});

test('exported files need no first command', () => {
  const target = { kind: 'history-files', buildId: 'v1', pattern: 'h/*.json', files: 3 } as const;
  expect(atHome(anExecution(), target, CLAIMED, 'true')).toBe(
    `npx github:OWNER/temporal-replay-action check --build-id v2.0 --histories 'h/*.json'`,
  );
});
