import { describe, expect, test } from '@jest/globals';
import { LANGUAGES } from '../../src/model/language.js';
import { replayEnvironment } from '../../src/replay/environment.js';

/** What each toolchain needs, beside what every program does. Whatever else is set stays with the parent. */
const NEEDS: Readonly<Record<(typeof LANGUAGES)[number], readonly string[]>> = {
  typescript: [],
  python: [
    ...['VIRTUAL_ENV', 'CONDA_PREFIX', 'UV_PROJECT_ENVIRONMENT', 'PYENV_ROOT', 'PYENV_VERSION'],
    ...['POETRY_HOME', 'POETRY_CONFIG_DIR', 'POETRY_DATA_DIR', 'POETRY_CACHE_DIR'],
    ...['POETRY_VIRTUALENVS_PATH', 'POETRY_VIRTUALENVS_IN_PROJECT', 'POETRY_VIRTUALENVS_CREATE'],
    ...['WORKON_HOME', 'PIPENV_PIPFILE', 'PIPENV_VENV_IN_PROJECT', 'PIPENV_CUSTOM_VENV_NAME'],
    ...['PDM_VENV_LOCATION', 'PDM_VENV_IN_PROJECT', 'PDM_USE_VENV'],
    ...['XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME'],
  ],
  go: [
    ...['GOPATH', 'GOMODCACHE', 'GOCACHE', 'GOROOT', 'GOTOOLCHAIN', 'GOWORK'],
    ...['GOFLAGS', 'GOEXPERIMENT', 'CGO_ENABLED'],
  ],
  java: ['JAVA_HOME', 'M2_HOME', 'MAVEN_HOME', 'GRADLE_USER_HOME'],
  command: [],
};

/** Each can hold a credential, lead to one, or change what program runs. */
const STAYS = [
  ...['GOPROXY', 'GOAUTH', 'GOPRIVATE', 'NETRC', 'GIT_ASKPASS', 'SSH_AUTH_SOCK'],
  ...['MAVEN_ARGS', 'MAVEN_OPTS', 'JAVA_TOOL_OPTIONS', 'GRADLE_OPTS', 'ORG_GRADLE_PROJECT_token'],
  ...['PIP_INDEX_URL', 'UV_INDEX_URL', 'POETRY_HTTP_BASIC_X_PASSWORD', 'POETRY_PYPI_TOKEN_PYPI'],
  ...['PYTHONPATH', 'PYTHONSTARTUP', 'NODE_OPTIONS', 'NPM_TOKEN'],
  ...['GITHUB_TOKEN', 'ACTIONS_RUNTIME_TOKEN', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN', 'LD_PRELOAD'],
  ...['TEMPORAL_API_KEY', 'TEMPORAL_ADDRESS', 'INPUT_API-KEY', 'INPUT_CODEC-AUTH', 'HTTPS_PROXY'],
];

describe('of a step in which everything is set a replay process gets', () => {
  const everything = Object.fromEntries(
    ['PATH', 'HOME', ...Object.values(NEEDS).flat(), ...STAYS].map((name) => [name, `of ${name}`]),
  );

  test.each([...LANGUAGES])('what %s needs, and nothing else', (language) => {
    const given = replayEnvironment(everything, language, { REGION: 'eu' });
    expect(Object.keys(given).sort()).toEqual(
      ['PATH', 'HOME', ...NEEDS[language], 'REGION'].sort(),
    );
  });
});
