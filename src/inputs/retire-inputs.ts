import { UserError } from '../model/user-error.js';
import { readable, truncate } from '../untrusted/readable.js';
import { CONNECTION_INPUTS, type InputName, type ReadInput } from './raw-inputs.js';

/** The inputs of the check that tell where to look, which `retire/action.yml` has too. */
export const RETIRE_INPUTS: readonly InputName[] = [
  ...CONNECTION_INPUTS,
  'task-queue',
  'deployment-name',
  'max-requests-per-second',
];

/** @throws UserError where the input `fail-on-stuck` is neither "true" nor "false" */
export function failsOnStuck(read: ReadInput): boolean {
  const value = read('fail-on-stuck')?.trim() ?? '';
  if (['', 'false', 'true'].includes(value)) return value === 'true';
  throw new UserError({
    found: `Input fail-on-stuck is "${truncate(readable(value), 80)}"`,
    expected: 'true or false',
    fix: 'correct fail-on-stuck under "with:"',
  });
}
