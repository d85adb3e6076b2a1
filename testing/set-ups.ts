import { findAct } from './act.js';
import { findChromium } from './chromium.js';
import { findGoSdk, GO_SDKS } from './go-modules.js';
import { findGradle } from './gradle.js';
import { findJavaSdk, JAVA_SDKS } from './java-sdk.js';
import { findNode24 } from './node24.js';
import { findPackageManagers } from './package-managers.js';
import {
  findPlainPython,
  findPythonSdk,
  NEWEST_PYTHON_SDK,
  OLDEST_PYTHON_SDK,
} from './python-sdk.js';
import { findReportSchemas } from './report-schemas.js';
import { findSdk, TESTED_SDKS } from './sdk.js';
import { findTemporalCli, findTemporalServer } from './temporal-binary.js';
import { reaches, type Tier } from './tiers.js';
import { missing, type MissingToolchain, type Progress } from './toolchain.js';
import { findWorkflowLinters } from './workflow-linters.js';

/** A program that test files need, found before they run so that none of them waits for it. */
interface SetUp {
  readonly name: string;
  /** Test files that import this need it, those of this tier and above. */
  readonly module: string;
  readonly tier: Tier;
  /** What it keeps busy where it is not there yet: of each kind one runs at a time. */
  readonly busy: 'cores' | 'network';
  /** Without it a run fails instead of skipping what needs it. */
  readonly isRequired?: boolean;
  readonly find: (say: Progress) => Promise<{ readonly available: true } | MissingToolchain>;
}

/** In the order in which they are found: what most tests wait for comes first. */
const SET_UPS: readonly SetUp[] = [
  {
    name: 'the Temporal CLI',
    module: 'testing/temporal-binary.ts',
    tier: 'fast',
    busy: 'cores',
    isRequired: true,
    find: (progress) => findTemporalCli({ progress }),
  },
  {
    name: 'the Temporal server',
    module: 'testing/temporal-binary.ts',
    tier: 'middle',
    busy: 'cores',
    find: (progress) => findTemporalServer({ progress }),
  },
  ...Object.values(GO_SDKS).map((version): SetUp => ({
    name: `Go SDK ${version}`,
    module: 'testing/go-modules.ts',
    tier: 'middle',
    busy: 'cores',
    find: (say) => findGoSdk(version, say),
  })),
  {
    name: 'act',
    module: 'testing/act.ts',
    tier: 'middle',
    busy: 'cores',
    find: findAct,
  },
  {
    name: 'actionlint and zizmor',
    module: 'testing/workflow-linters.ts',
    tier: 'middle',
    busy: 'cores',
    find: findWorkflowLinters,
  },
  {
    name: 'Python without an SDK',
    module: 'testing/python-sdk.ts',
    tier: 'middle',
    busy: 'network',
    find: findPlainPython,
  },
  ...[NEWEST_PYTHON_SDK, OLDEST_PYTHON_SDK].map((version): SetUp => ({
    name: `Python SDK ${version}`,
    module: 'testing/python-sdk.ts',
    tier: 'middle',
    busy: 'network',
    find: (say) => findPythonSdk(version, say),
  })),
  ...TESTED_SDKS.map((version): SetUp => ({
    name: `TypeScript SDK ${version}`,
    module: 'testing/sdk.ts',
    tier: 'fast',
    busy: 'network',
    find: (say) => findSdk(version, say),
  })),
  {
    name: 'pnpm and Yarn',
    module: 'testing/package-managers.ts',
    tier: 'middle',
    busy: 'network',
    find: findPackageManagers,
  },
  {
    name: 'Node 24',
    module: 'testing/node24.ts',
    tier: 'middle',
    busy: 'network',
    find: findNode24,
  },
  ...Object.values(JAVA_SDKS).map((version): SetUp => ({
    name: `Java SDK ${version}`,
    module: 'testing/java-sdk.ts',
    tier: 'middle',
    busy: 'network',
    find: (say) => findJavaSdk(version, say),
  })),
  {
    name: 'Gradle',
    module: 'testing/gradle.ts',
    tier: 'middle',
    busy: 'network',
    find: findGradle,
  },
  {
    name: 'Chromium',
    module: 'testing/chromium.ts',
    tier: 'middle',
    busy: 'network',
    find: findChromium,
  },
  {
    name: 'schemas of reports',
    module: 'testing/report-schemas.ts',
    tier: 'middle',
    busy: 'network',
    find: findReportSchemas,
  },
];

/** The modules that find programs: a test file that imports none of them needs no program. */
export const FINDING: ReadonlySet<string> = new Set(SET_UPS.map(({ module }) => module));

export interface Lacking {
  readonly name: string;
  readonly reason: string;
  readonly isRequired: boolean;
}

/**
 * Finds what these files need, builds beside downloads.
 *
 * @returns what is missing
 */
export async function setUpFor(
  files: readonly { readonly tier: Tier; readonly imports: ReadonlySet<string> }[],
  run: Tier,
  say: Progress,
): Promise<readonly Lacking[]> {
  const lacking: Lacking[] = [];
  const needed = SET_UPS.filter(({ module, tier }) =>
    files.some(
      (file) => file.imports.has(module) && (reaches(tier, run) || reaches(tier, file.tier)),
    ),
  );
  const findAll = async (busy: SetUp['busy']): Promise<void> => {
    for (const { name, find, isRequired = false } of needed.filter((one) => one.busy === busy)) {
      const found = await find(say).catch((error: unknown) => missing(error));
      if (!found.available) lacking.push({ name, reason: found.reason, isRequired });
    }
  };
  await Promise.all([findAll('cores'), findAll('network')]);
  return lacking;
}
