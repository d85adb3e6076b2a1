/** @tier middle */
import { beforeAll, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sample } from '../../bench/diagnosis/score.js';
import { projectRoot } from '../../testing/project-root.js';
import { skipUnless } from '../../testing/skip-unless.js';
import { findTemporalCli } from '../../testing/temporal-binary.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';

/**
 * A few edits of the corpus that the bench measures in full: what a real worker does with an execution is
 * what the replay of its history says. Which lines and causes are right is the bench's matter.
 */
skipUnless(await findTemporalCli()).describe(
  'edits of a workflow that a real worker took over',
  () => {
    let samples: Sample[];

    beforeAll(async () => {
      const json = join(await temporaryFolder('corpus'), 'samples.jsonl');
      const bench = ['bench/bench.ts', 'diagnosis', '--only', 'order/', '--sample', '12'];
      const tsx = join(projectRoot, 'node_modules', '.bin', 'tsx');
      // It exits with 1 where a target is missed, which a dozen edits cannot show, and comes to its end all the same.
      const { status, stdout, stderr } = spawnSync(tsx, [...bench, '--json', json], {
        cwd: projectRoot,
        timeout: 240_000,
        encoding: 'utf8',
      });
      expect({ status, stderr }).toEqual({ status: expect.any(Number), stderr: '' });
      expect(stdout).toMatch(
        /^12 edits, .*^Workflows that the diagnosis may be tuned on.*^\d+ s\n$/msu,
      );
      expect(stdout).not.toMatch(/^(?:No truth or no answer|Marked as equivalent)/mu);
      const text = await readFile(json, 'utf8');
      samples = text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Sample);
    });

    function outcomesWhere(kinds: readonly Sample['truth']['kind'][]): string[] {
      return samples
        .filter(({ truth }) => kinds.includes(truth.kind))
        .map(({ said }) => said.outcome.kind);
    }

    test('are three executions each', () => {
      expect(samples).toHaveLength(36);
    });

    test('are red wherever the worker could not take over', () => {
      const outcomes = outcomesWhere(['breaks']);
      expect(outcomes.length).toBeGreaterThan(5);
      expect(outcomes.filter((kind) => kind === 'passed' || kind === 'errored')).toEqual([]);
    });

    test('pass wherever it could', () => {
      const outcomes = outcomesWhere(['continues', 'continues-differently', 'fails-later']);
      expect(outcomes.length).toBeGreaterThan(5);
      expect(outcomes.filter((kind) => kind !== 'passed')).toEqual([]);
    });

    test('name a cause and a place wherever they are red', () => {
      const red = samples.filter(({ said }) => said.outcome.kind === 'nondeterministic');
      expect(red.map(({ said }) => said.cause)).not.toContain('unknown');
      expect(red.filter(({ said }) => said.headline === undefined)).toEqual([]);
    });
    test('are told wherever an execution went on otherwise', () => {
      const different = samples.filter(({ truth }) => truth.kind === 'continues-differently');
      expect(different.length).toBeGreaterThan(2);
      const untold = different.filter(({ said }) => said.drift.length === 0 && !said.closedIsRed);
      expect(untold.map(({ edit, cut }) => `${edit.id} at cut ${cut}`)).toEqual([]);
    });
  },
);
