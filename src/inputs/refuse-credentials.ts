import { join } from 'node:path';
import { UserError } from '../model/user-error.js';
import { readable, truncate } from '../untrusted/readable.js';
import { SECRET_INPUTS, type ReadInput } from './raw-inputs.js';

/** Variables of Temporal's SDKs and CLI that give no access by themselves. */
const HARMLESS: ReadonlySet<string> = new Set(['TEMPORAL_NAMESPACE', 'TEMPORAL_DEBUG']);

/**
 * A replay job runs code of the pull request, and that code can take whatever the machine holds. So the job
 * does not begin where a credential for Temporal is within reach.
 *
 * @throws UserError that names everything that was found, and shows no value
 */
export function refuseCredentials(
  read: ReadInput,
  environment: NodeJS.ProcessEnv,
  exists: (path: string) => boolean,
): void {
  const found: string[] = [];
  for (const name of SECRET_INPUTS) {
    if (name !== 'github-token' && (read(name) ?? '') !== '') found.push(`the input ${name}`);
  }
  for (const [name, value = ''] of Object.entries(environment)) {
    if (value === '' || name.startsWith('INPUT_')) continue;
    const isTemporal = name.startsWith('TEMPORAL_') && !HARMLESS.has(name);
    if (isTemporal || /PRIVATE KEY-----/u.test(value)) {
      found.push(`the variable ${truncate(readable(name), 80)}`);
    }
  }
  for (const path of configurationFiles(environment)) {
    if (exists(path)) found.push(`the file ${readable(path)}`);
  }
  if (found.length === 0) return;
  throw new UserError({
    found: `The replay job has a credential or an address of a Temporal server: ${found.join(', ')}`,
    expected: 'none of these: this job runs code of the pull request',
    fix: 'give credentials and the address to the fetch job only, by "with:", and remove them here',
  });
}

/** Where Temporal's tools look for profiles. */
function configurationFiles(environment: NodeJS.ProcessEnv): string[] {
  const home = environment['HOME'];
  const folder = environment['XDG_CONFIG_HOME'] || (home ? join(home, '.config') : undefined);
  return folder === undefined ? [] : [join(folder, 'temporalio', 'temporal.toml')];
}
