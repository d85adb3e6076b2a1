import * as core from '@actions/core';
import { randomUUID } from 'node:crypto';
import { UserError } from '../model/user-error.js';
import { tellError } from './runner.js';
import { appendWhole } from '../files/write-whole.js';

/**
 * Hands outputs to later steps: all of them or none, so that no step acts on a verdict whose reason was lost
 * on a full disk.
 *
 * @throws UserError where there is no room for them
 */
export function writeOutputs(outputs: Readonly<Record<string, string>>): void {
  const path = process.env['GITHUB_OUTPUT'];
  if (!path) {
    for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
    return;
  }
  try {
    appendWhole(path, Object.entries(outputs).map(heredoc).join(''));
  } catch (error) {
    throw new UserError(
      {
        found: `The outputs cannot be written (${(error as Error).message})`,
        expected: "room for them in the runner's file",
        fix: "free space on the runner's disk, and run the job again",
      },
      { cause: error },
    );
  }
}

/** The outputs that later steps can rely on after an error. The error itself is told already. */
export function outputsOfError(): void {
  try {
    writeOutputs({ verdict: 'inconclusive', reason: 'error' });
  } catch (error) {
    tellError(error, 'Temporal replay: the outputs could not be written');
  }
}

/** The form that the runner reads. Nobody can guess the delimiter and end the value early. */
function heredoc([name, value]: readonly [string, string]): string {
  const delimiter = `ghadelimiter_${randomUUID()}`;
  return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
}
