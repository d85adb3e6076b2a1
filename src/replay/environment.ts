import type { Language } from '../model/language.js';

/**
 * The environment of a replay process: what every program needs, and nothing else. Pull-request code sees
 * it, so it must hold no credential. A list of allowed names cannot forget one.
 */
const ALLOWED: readonly string[] = [
  'PATH',
  'HOME',
  'LANG',
  'LANGUAGE',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SystemRoot',
];

/** What a language's toolchain also needs, to find what an earlier step of the job has set up. */
const ALLOWED_FOR: Readonly<Record<Language, readonly string[]>> = {
  typescript: [],
  // These lead to the application's virtual environment. Settings of indexes can hold credentials, and replay needs none.
  python: [
    ...['VIRTUAL_ENV', 'CONDA_PREFIX', 'UV_PROJECT_ENVIRONMENT', 'PYENV_ROOT', 'PYENV_VERSION'],
    ...['POETRY_HOME', 'POETRY_CONFIG_DIR', 'POETRY_DATA_DIR', 'POETRY_CACHE_DIR'],
    ...['POETRY_VIRTUALENVS_PATH', 'POETRY_VIRTUALENVS_IN_PROJECT', 'POETRY_VIRTUALENVS_CREATE'],
    ...['WORKON_HOME', 'PIPENV_PIPFILE', 'PIPENV_VENV_IN_PROJECT', 'PIPENV_CUSTOM_VENV_NAME'],
    ...['PDM_VENV_LOCATION', 'PDM_VENV_IN_PROJECT', 'PDM_USE_VENV'],
    ...['XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME'],
  ],
  // These lead to the module cache and the build cache. GOPROXY and GOAUTH can hold credentials, so an earlier
  // step downloads the modules.
  go: [
    ...['GOPATH', 'GOMODCACHE', 'GOCACHE', 'GOROOT', 'GOTOOLCHAIN', 'GOWORK'],
    ...['GOFLAGS', 'GOEXPERIMENT', 'CGO_ENABLED'],
  ],
  // MAVEN_ARGS, MAVEN_OPTS and the settings that they name can hold credentials, so an earlier step downloads
  // the dependencies.
  java: ['JAVA_HOME', 'M2_HOME', 'MAVEN_HOME', 'GRADLE_USER_HOME'],
  command: [],
};

/** @param further variables that `replay-env` names, checked already */
export function replayEnvironment(
  parent: NodeJS.ProcessEnv,
  language: Language,
  further: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const name of [...ALLOWED, ...ALLOWED_FOR[language]]) {
    const value = parent[name];
    if (value !== undefined) environment[name] = value;
  }
  return { ...environment, ...further };
}
