import { UserError } from '../model/user-error.js';
import { readable, truncate } from '../untrusted/readable.js';
import { SECRET_INPUTS, type RawInputs } from './raw-inputs.js';

/**
 * Words in a name that say "secret". Pull-request code sees whatever the replay process sees. To refuse a name
 * wrongly costs a rename; to allow a name wrongly costs a credential.
 */
const SECRET_WORDS: ReadonlySet<string> = new Set([
  ...['AUTH', 'OAUTH', 'BEARER', 'JWT', 'COOKIE', 'COOKIES', 'SESSION', 'SIGNATURE', 'SALT'],
  ...['KEY', 'KEYS', 'KEYFILE', 'KEYSTORE', 'PEM', 'PFX', 'PRIVATE', 'PAT', 'OTP', 'SAS', 'DSN'],
  ...['PASS', 'PASSPHRASE', 'PWD', 'PIN', 'CRED', 'CREDS', 'CREDENTIAL', 'CREDENTIALS', 'NETRC'],
]);

/** Parts of a name that say "secret" anywhere, also inside a word. */
const SECRET_PARTS =
  /TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CONNECTION_?STRING/u;

/** Families of variables that carry credentials, or that belong to the runner. */
const FOREIGN_PREFIXES: readonly string[] = [
  ...['TEMPORAL_', 'GITHUB_', 'GH_', 'ACTIONS_', 'RUNNER_', 'INPUT_', 'STATE_'],
  ...['AWS_', 'AZURE_', 'ARM_', 'GOOGLE_', 'GCP_', 'GCLOUD_', 'CLOUDSDK_', 'ALICLOUD_'],
  ...[
    'CLOUDFLARE_',
    'DIGITALOCEAN_',
    'VAULT_',
    'DOPPLER_',
    'DOCKER_',
    'KUBE',
    'NPM_',
    'SSH_',
    'GPG_',
  ],
];

/** Variables of those families that a worker may well read. */
const HARMLESS: ReadonlySet<string> = new Set(['AWS_REGION', 'AWS_DEFAULT_REGION']);

/** Variables that change the program that replays. With them, the check would not judge the code alone. */
const ALTERING =
  /^(?:NODE_(?!ENV$)|LD_|DYLD_|UV_|V8_|OPENSSL_|SSL|BASH_|GIT_|_|IFS$|ENV$|SHELLOPTS$)/u;

/** Values that are credentials by their form. */
const CREDENTIAL_FORMS: readonly (readonly [form: RegExp, what: string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY/u, 'a private key'],
  [/\b(?:gh[a-z]_[A-Za-z0-9_]{16,}|github_pat_\w{16,})/u, 'a GitHub token'],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}/u, 'a JSON Web Token'],
  [/\bA(?:KIA|SIA)[A-Z0-9]{16}\b/u, 'a cloud access key'],
  [/\/\/[^/?#\s@]*:[^/?#\s@]+@/u, 'a URL with a password'],
];

/** Shorter values are no credentials, and would occur in too many other values. */
const SHORTEST_SECRET = 8;

/** Checks the names in `replay-env`, without their values. @throws UserError */
export function checkReplayVariableNames(names: readonly string[]): void {
  const problems = names.flatMap((name) => {
    const problem = nameProblem(name);
    return problem === undefined ? [] : [`"${truncate(readable(name), 80)}", which ${problem}`];
  });
  if (problems.length === 0) return;
  throw new UserError({
    found: `Input replay-env names ${problems.join('; ')}`,
    expected: "variables without credentials: the pull request's code sees them",
    fix: 'remove them; if the code needs them, use values that are no secret, under other names',
  });
}

function nameProblem(name: string): string | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/u.test(name)) return 'is no name of a variable';
  const upper = name.toUpperCase();
  if (HARMLESS.has(upper)) return undefined;
  const prefix = FOREIGN_PREFIXES.find((one) => upper.startsWith(one));
  if (prefix !== undefined)
    return `is one of ${prefix}*, which carry credentials or belong to the runner`;
  if (ALTERING.test(upper)) return 'changes the program that replays';
  return looksSecret(name) ? 'looks like a secret by its name' : undefined;
}

function looksSecret(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/gu, '$1_$2')
    .toUpperCase()
    .split(/[_\d]+/u);
  return SECRET_PARTS.test(name.toUpperCase()) || words.some((word) => SECRET_WORDS.has(word));
}

/**
 * The variables that `replay-env` names, with their values.
 *
 * A variable that is not set is an error: the code could behave differently without it, and nothing would say so.
 *
 * @throws UserError for that, and where a value is a credential after all; values are never repeated
 */
export function replayVariables(
  inputs: RawInputs,
  environment: NodeJS.ProcessEnv,
): Record<string, string> {
  const secrets = secretValues(inputs, environment);
  const variables: Record<string, string> = {};
  const unset: string[] = [];
  const problems: string[] = [];
  for (const name of inputs['replay-env']) {
    const value = environment[name];
    if (value === undefined) {
      unset.push(name);
      continue;
    }
    const problem = valueProblem(value, secrets);
    if (problem !== undefined) problems.push(`${name}, whose value ${problem}`);
    variables[name] = value;
  }
  if (problems.length > 0) {
    throw new UserError({
      found: `Input replay-env names ${problems.join('; ')}`,
      expected: "values without credentials: the pull request's code sees them",
      fix: 'remove them from replay-env',
    });
  }
  if (unset.length > 0) {
    throw new UserError({
      found: `Input replay-env names ${unset.join(', ')}, which ${unset.length === 1 ? 'is' : 'are'} not set`,
      expected: "variables of this step's environment; an empty one counts as set",
      fix: 'set them under "env:" of this step, or remove them from replay-env',
    });
  }
  return variables;
}

interface Secret {
  readonly of: string;
  readonly value: string;
}

/** Every credential that this process knows of. Each line of a multi-line one counts too. */
function secretValues(inputs: RawInputs, environment: NodeJS.ProcessEnv): Secret[] {
  const named: [of: string, value: string | undefined][] = [
    ...SECRET_INPUTS.map((name): [string, string | undefined] => [
      `the input ${name}`,
      inputs[name] as string | undefined,
    ]),
    ...Object.entries(environment).filter(
      ([name]) => !name.startsWith('INPUT_') && looksSecret(name),
    ),
  ];
  return named.flatMap(([of, value]) =>
    [value ?? '', ...(value ?? '').split(/(?:\\r)?\\n|\r?\n/u)]
      .map((line) => line.trim())
      .filter((line) => line.length >= SHORTEST_SECRET && !/^-----.*-----$/u.test(line))
      .map((line) => ({ of, value: line })),
  );
}

function valueProblem(value: string, secrets: readonly Secret[]): string | undefined {
  const form = CREDENTIAL_FORMS.find(([pattern]) => pattern.test(value));
  if (form !== undefined) return `is ${form[1]}`;
  const secret = secrets.find((one) =>
    // A variable that only has a secret's name may hold any word, so only an equal value counts.
    one.of.startsWith('the input ') ? value.includes(one.value) : value.trim() === one.value,
  );
  return secret === undefined ? undefined : `holds the value of ${secret.of}`;
}
