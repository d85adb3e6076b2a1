/**
 * Builds `dist/` from `src/` and `replayers/`: `npm run dist`.
 *
 * `--check` builds into a temporary folder instead, and fails when `dist/` differs.
 */
import ncc from '@vercel/ncc';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { billOfMaterials } from './bill-of-materials.mjs';

const root = join(import.meta.dirname, '..');

/** Entry files, each with the folder of `dist/` that gets its index.js. */
const ENTRIES = [
  { entry: 'src/index.ts', folder: '.' },
  { entry: 'replayers/typescript/index.ts', folder: 'replayers/typescript' },
  { entry: 'replayers/go/index.ts', folder: 'replayers/go' },
  { entry: 'replayers/java/index.ts', folder: 'replayers/java' },
];

/**
 * Modules that are loaded by path at run time, or load others so. Only their types are removed. A starter's
 * path to the program is the same here as in src/.
 */
const MODULES = [
  ...['recorder', 'decoding', 'module-hooks', 'tsconfig'].map((name) => ({
    source: `replayers/typescript/${name}.ts`,
    target: `replayers/typescript/${name}.js`,
  })),
  ...['fetch', 'replay', 'report', 'retire', 'terminal'].map((job) => ({
    source: `src/starters/${job}.ts`,
    target: `${job}/index.js`,
  })),
];

/** Programs in other languages, which are copied as they are: the folder, and its files. */
const COPIES = [
  { folder: 'replayers/python', file: /\.py$/ },
  { folder: 'replayers/go/runtime', file: /\.go$/ },
  { folder: 'replayers/java/runtime', file: /\.java$/ },
];

/**
 * Assets that the bundler copies because gRPC's channelz and load-reporting services could load them. We start
 * neither.
 */
const UNUSED_ASSET = /^package\.json$|\.d\.ts$|\.proto$|(^|\/)(xds|protoc-gen-validate)\//;

async function build(target) {
  const write = (path, content) => {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    writeFileSync(join(target, path), content);
  };
  const licenses = [];
  // Node must read the files as ES modules, also without our package.json.
  write('package.json', '{ "type": "module" }\n');
  for (const { entry, folder } of ENTRIES) {
    const { code, assets } = await ncc(join(root, entry), {
      cache: false,
      minify: true,
      esm: true,
      target: 'es2022',
      quiet: true,
      license: 'licenses.txt',
    });
    write(join(folder, 'index.js'), code);
    for (const [name, asset] of Object.entries(assets)) {
      if (UNUSED_ASSET.test(name)) continue;
      write(join(folder, name), asset.source);
      if (name === 'licenses.txt') licenses.push(String(asset.source));
    }
  }
  write('sbom.cdx.json', billOfMaterials(root, licenses));
  for (const { source, target: path } of MODULES) {
    const { outputText } = ts.transpileModule(readFileSync(join(root, source), 'utf8'), {
      compilerOptions: { target: ts.ScriptTarget.ES2021, module: ts.ModuleKind.ES2022 },
    });
    write(path, outputText);
  }
  for (const { folder, file } of COPIES) {
    for (const name of files(join(root, folder)).filter((one) => file.test(one))) {
      write(join(folder, name), readFileSync(join(root, folder, name)));
    }
  }
}

function files(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

if (process.argv.includes('--check')) {
  const fresh = mkdtempSync(join(tmpdir(), 'dist-check-'));
  try {
    await build(fresh);
    const dist = join(root, 'dist');
    const names = [...new Set([...files(fresh), ...files(dist)])].sort();
    const read = (folder, name) => {
      try {
        return readFileSync(join(folder, name));
      } catch {
        return undefined;
      }
    };
    const stale = names.filter((name) => {
      const [a, b] = [read(fresh, name), read(dist, name)];
      return a === undefined || b === undefined || !a.equals(b);
    });
    if (stale.length > 0) {
      console.error(
        `dist/ is not what src/ builds (${stale.join(', ')}). Run "npm run dist" and commit dist/.`,
      );
      process.exitCode = 1;
    } else {
      console.log(`dist/ is current (${names.length} files)`);
    }
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
} else {
  // Built beside dist/ and then swapped in, so that nobody runs half of it.
  const fresh = mkdtempSync(join(root, '.dist-'));
  try {
    await build(fresh);
    rmSync(join(root, 'dist'), { recursive: true, force: true });
    renameSync(fresh, join(root, 'dist'));
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  for (const name of files(join(root, 'dist'))) {
    console.log(
      `${String(Math.ceil(readFileSync(join(root, 'dist', name)).length / 1000)).padStart(6)} kB  dist/${name}`,
    );
  }
}
