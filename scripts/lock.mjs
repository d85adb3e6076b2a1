/**
 * Completes package-lock.json: `npm run lock`, after every change of a dependency.
 *
 * A package with native binaries names one optional dependency for each platform. Where a registry
 * serves only some of them, npm leaves the others out of the lock file. Then `npm ci` refuses the file
 * that `npm install` has just written ("Missing: … from lock file"). This adds each missing one that
 * has an exact version, without its integrity, which is unknown.
 *
 * It also removes download addresses, because a lock file must work with everybody's registry.
 *
 * `--check` changes nothing, and fails when there is something to do.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const path = join(import.meta.dirname, '..', 'package-lock.json');
const isCheck = process.argv.includes('--check');
const lock = JSON.parse(readFileSync(path, 'utf8'));

const missing = missingOptionalDependencies(lock.packages);
const addressed = Object.keys(lock.packages).filter((location) =>
  /^https?:/u.test(lock.packages[location].resolved ?? ''),
);

if (missing.length === 0 && addressed.length === 0) {
  console.log(`package-lock.json is complete (${Object.keys(lock.packages).length} packages)`);
} else if (isCheck) {
  for (const { name, version } of missing) console.error(`missing: ${name}@${version}`);
  for (const location of addressed) console.error(`has a download address: ${location}`);
  console.error('package-lock.json is not complete. Run "npm run lock" and commit it.');
  process.exitCode = 1;
} else {
  for (const { location, name, version, isDev } of missing) {
    lock.packages[location] = entry(name, version, isDev);
    console.log(`added ${name}@${version}`);
  }
  for (const location of addressed) {
    delete lock.packages[location].resolved;
    console.log(`removed the download address of ${location}`);
  }
  // npm keeps the packages in this order.
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
  lock.packages = Object.fromEntries(sorted);
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
}

/** Optional dependencies of an exact version that no place in the lock file satisfies. */
function missingOptionalDependencies(packages) {
  const found = new Map();
  for (const [parent, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (!/^\d+\.\d+\.\d+/u.test(version)) continue;
      if (packages[resolve(packages, parent, name) ?? '']?.version === version) continue;
      // At the top if that place is free, as npm does; else beside the package that needs it.
      const top = `node_modules/${name}`;
      const taken = packages[top] ?? found.get(top);
      const isFree = taken === undefined || taken.version === version;
      const location = isFree ? top : `${parent}/node_modules/${name}`;
      const isDev = dev === true && (found.get(location)?.isDev ?? true);
      found.set(location, { location, name, version, isDev });
    }
  }
  return [...found.values()];
}

/** The place where Node would find `name` from `parent`: there, or above it. */
function resolve(packages, parent, name) {
  for (let folder = parent; ; folder = above(folder)) {
    const location = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (location in packages) return location;
    if (folder === '') return undefined;
  }
}

function above(folder) {
  const end = folder.lastIndexOf('/node_modules/');
  return end === -1 ? '' : folder.slice(0, end);
}

function entry(name, version, isDev) {
  const { os, cpu, libc } = platformFromName(name) ?? platformFromRegistry(name, version);
  return {
    version,
    ...(cpu === undefined ? {} : { cpu }),
    ...(isDev ? { dev: true } : {}),
    ...(libc === undefined ? {} : { libc }),
    optional: true,
    ...(os === undefined ? {} : { os }),
  };
}

/** `@scope/name-linux-arm64-musl`: the end of such a package's name. */
function platformFromName(name) {
  const match =
    /[-/](aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)-(arm64|arm|ia32|loong64|mips64el|ppc64|riscv64|s390x|wasm32|x64)(?:-(\w+))?$/u.exec(
      name,
    );
  if (match === null) return undefined;
  const [, os, cpu, abi = ''] = match;
  return {
    os: [os],
    cpu: [cpu],
    ...(os === 'linux' && /^(?:gnu|glibc)/u.test(abi) ? { libc: ['glibc'] } : {}),
    ...(os === 'linux' && abi.startsWith('musl') ? { libc: ['musl'] } : {}),
  };
}

/** The registry's answer; undefined where it cannot be reached, or does not have the package. */
function platformFromRegistry(name, version) {
  try {
    const answer = execFileSync('npm', ['view', `${name}@${version}`, '--json'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 30_000,
    });
    const { os, cpu, libc } = JSON.parse(answer);
    return { os, cpu, libc };
  } catch {
    return {};
  }
}
