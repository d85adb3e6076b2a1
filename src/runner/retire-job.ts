import * as core from '@actions/core';
import { SECRET_INPUTS } from '../inputs/raw-inputs.js';
import { readSettings } from '../inputs/read-settings.js';
import { failsOnStuck, RETIRE_INPUTS } from '../inputs/retire-inputs.js';
import { only } from '../container/job-inputs.js';
import { lookAtVersions } from '../machine/look-at-versions.js';
import { retirementOutputs } from '../report/retirement-json.js';
import { renderRetirementSummary } from '../report/retirement-summary.js';
import { renderRetirementText } from '../report/retirement-text.js';
import { stuckWords } from '../report/retirement-words.js';
import { PLAIN } from '../report/style.js';
import { logLine } from '../untrusted/log-line.js';
import { concludeRetirement } from '../verdict/conclude-retirement.js';
import { writeSummary } from './publish.js';
import { cancellation, maskSecrets, readInput, tellError } from './runner.js';
import { writeOutputs } from './write-outputs.js';

/** The scheduled job that tells which workers can be switched off. It needs no checkout and runs no code of it. */
export async function runRetireJob(): Promise<void> {
  const cancelled = cancellation();
  try {
    maskSecrets(SECRET_INPUTS);
    const failOnStuck = failsOnStuck(readInput);
    const settings = readSettings({
      read: only(RETIRE_INPUTS, readInput),
      variables: process.env,
      workspace: process.env['GITHUB_WORKSPACE'] ?? process.cwd(),
      now: new Date(),
    });
    const retirement = await lookAtVersions(settings, cancelled);
    const verdict = concludeRetirement(retirement, { failOnStuck });
    for (const line of renderRetirementText(retirement, verdict, PLAIN).split('\n')) {
      core.info(logLine(line));
    }
    for (const words of stuckWords(retirement)) {
      core[failOnStuck ? 'error' : 'warning'](logLine(words), { title: 'Stuck executions' });
    }
    for (const note of retirement.notes) core.warning(logLine(note));
    // Before the step fails, so that later steps can read them.
    writeOutputs(retirementOutputs(retirement));
    writeSummary([renderRetirementSummary(retirement, verdict)]);
    if (verdict.passes) process.exitCode = 0;
    else core.error(logLine(verdict.summary), { title: 'fail-on-stuck' });
  } catch (error) {
    tellError(error, 'Temporal versions: the server could not be looked at');
  }
}
