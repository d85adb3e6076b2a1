import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Application } from './application.js';
import { optionalFiles } from './sdk-features.js';

export interface Overlay {
  /** Absolute path of the file that `go build -overlay` takes. */
  readonly file: string;
  /** Absolute path of the package to build. */
  readonly target: string;
}

/** The runtime's source, beside this program. */
const RUNTIME = join(import.meta.dirname, 'runtime');

/** A folder name that no application uses. */
const FOLDER = 'zz_temporalreplaygate';

/**
 * Puts the runtime into folders that exist only for the build. They are below the application's package, so that
 * the runtime may import from `internal/`. Nothing is written into the workspace.
 */
export function writeOverlay(application: Application, scratch: string): Overlay {
  const { folder, importPath, isProgram, sdk } = application;
  const files = new Map<string, string>();
  const runtimeFolder = join(folder, FOLDER);
  const features = new Set(optionalFiles(sdk.folder));
  const takes = (name: string): boolean => !name.startsWith('feature_') || features.has(name);
  const place = (from: string, into: string): void => {
    for (const { name } of readdirSync(from, { withFileTypes: true }).filter((e) => e.isFile())) {
      if (name.endsWith('.go') && takes(name)) files.set(join(into, name), join(from, name));
    }
  };
  place(RUNTIME, runtimeFolder);
  if (sdk.isVendored) {
    const vendored = (name: string): string => join(RUNTIME, 'vendored', name);
    place(vendored('types'), runtimeFolder);
    place(vendored('worker'), join(sdk.folder, 'worker'));
    if (features.has('feature_nexus_types.go')) {
      place(vendored('nexus_types'), runtimeFolder);
      place(vendored('nexus_worker'), join(sdk.folder, 'worker'));
    }
  }
  const sources = join(scratch, 'go-sources');
  mkdirSync(sources, { recursive: true });
  const generate = (path: string, text: string): void => {
    const name = `${createHash('sha256').update(path).digest('hex').slice(0, 16)}.go`;
    writeFileSync(join(sources, name), text, { mode: 0o600 });
    files.set(path, join(sources, name));
  };
  if (isProgram) {
    // A program cannot be imported. Its last init() replays, and its main() never runs.
    generate(join(folder, `${FOLDER}.go`), program(application, `${importPath}/${FOLDER}`));
  } else {
    generate(
      join(runtimeFolder, 'program', 'main.go'),
      program(application, `${importPath}/${FOLDER}`),
    );
  }
  const file = join(scratch, 'go-overlay.json');
  writeFileSync(file, JSON.stringify({ Replace: Object.fromEntries(files) }), { mode: 0o600 });
  return { file, target: isProgram ? folder : join(runtimeFolder, 'program') };
}

function program(application: Application, runtime: string): string {
  const { importPath, isProgram, register, options, sdk, folder, foreign, chance } = application;
  const own = isProgram ? '' : 'application.';
  const target = [
    `Register: ${own}${register},`,
    `RegisterName: ${JSON.stringify(register)},`,
    ...(options === undefined
      ? []
      : [`Options: ${own}${options},`, `OptionsName: ${JSON.stringify(options)},`]),
    `SDKVersion: ${JSON.stringify(sdk.version)},`,
    `Chance: ${chance},`,
    `Foreign: []string{${[...foreign, join(folder, FOLDER)].map((path) => JSON.stringify(path)).join(', ')}},`,
  ];
  return `package main

import (
	replaygate ${JSON.stringify(runtime)}
${isProgram ? '' : `	application ${JSON.stringify(importPath)}\n`})

func ${isProgram ? 'init' : 'main'}() {
	replaygate.Run(replaygate.Target{
${target.map((line) => `		${line}`).join('\n')}
	})
}
`;
}
