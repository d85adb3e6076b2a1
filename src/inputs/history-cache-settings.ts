import { isAbsolute } from 'node:path';
import { UserError } from '../model/user-error.js';
import { readable, truncate } from '../untrusted/readable.js';
import { longEnough } from '../sealing/passphrase.js';
import { isInside, realPathOf } from '../files/paths.js';
import type { RawInputs } from './raw-inputs.js';
import type { HistoryCacheSettings } from '../model/settings.js';

/**
 * Where histories are kept, if anywhere. What is kept is production data and decides what is replayed: the pull
 * request must not be able to bring it along, and nobody without the passphrase to read or write it.
 *
 * @throws UserError
 */
export function historyCacheSettings(
  inputs: Pick<RawInputs, 'history-cache' | 'history-cache-passphrase'>,
  workspace: string,
): HistoryCacheSettings | undefined {
  const { 'history-cache': path, 'history-cache-passphrase': passphrase } = inputs;
  if (path === undefined) {
    if (passphrase === undefined) return undefined;
    throw new UserError({
      found: 'Input history-cache-passphrase is set, and history-cache is empty',
      expected: 'both, or neither',
      fix: 'set history-cache to a folder outside of the checkout, or remove the passphrase',
    });
  }
  const folder = isAbsolute(path) ? realPathOf(path) : undefined;
  if (folder === undefined || isInside(folder, workspace) || isInside(workspace, folder)) {
    throw new UserError({
      found: `Input history-cache is "${truncate(readable(path), 200)}"`,
      expected: 'the absolute path of a folder that neither is in the checkout nor holds it',
      fix: "take one below the runner's own folder, such as ${{ runner.temp }}/histories",
    });
  }
  if (passphrase === undefined) {
    throw new UserError({
      found: 'Input history-cache is set, and history-cache-passphrase is empty',
      expected: 'a passphrase: histories are production data, and caches are read by many',
      fix: 'set history-cache-passphrase to a secret; on pull requests from forks secrets are empty',
    });
  }
  return { folder, passphrase: longEnough(passphrase, 'history-cache-passphrase') };
}
