import { isAbsolute } from 'node:path';
import { UserError } from '../model/user-error.js';
import { readable, truncate } from '../untrusted/readable.js';
import { longEnough } from '../sealing/passphrase.js';
import { isInside, realPathOf } from '../files/paths.js';
import type { RawInputs } from './raw-inputs.js';
import type { HistoryCacheSettings } from '../model/settings.js';

/**
 * Where histories are kept, if anywhere. They are production data and decide what is replayed. So the pull
 * request must not bring them along, and only who has the passphrase may read or write them.
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
      expected: 'the absolute path of a folder that is not in the checkout and does not contain it',
      fix: "use a folder below the runner's own, such as ${{ runner.temp }}/histories",
    });
  }
  if (passphrase === undefined) {
    throw new UserError({
      found: 'Input history-cache is set, and history-cache-passphrase is empty',
      expected: 'a passphrase: histories are production data, and many people can read caches',
      fix: 'set history-cache-passphrase to a secret; on pull requests from forks secrets are empty',
    });
  }
  return { folder, passphrase: longEnough(passphrase, 'history-cache-passphrase') };
}
