import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The packages in `dist/`, as CycloneDX: those whose licences the bundler has collected, with the versions and hashes
 * of the lock file. The same input gives the same text, without a time or a random number.
 *
 * `npm sbom` lists everything that is installed, and users never run most of it.
 *
 * @param licenses the texts that the bundler leaves beside each bundle
 */
export function billOfMaterials(root, licenses) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const lines = new Set(licenses.flatMap((text) => text.split('\n')));
  const components = reached(packages, lines)
    .map((path) => [path, packages[path]])
    .map(([path, { version, integrity, license }]) => {
      const name = nameOf(path);
      const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
      return {
        type: 'library',
        'bom-ref': purl,
        name,
        version,
        purl,
        licenses: [{ license: { id: license } }],
        ...(integrity === undefined ? {} : { hashes: [hashOf(integrity)] }),
      };
    })
    .filter((one, index, all) => all.findIndex(({ purl }) => purl === one.purl) === index)
    .sort((one, other) => (one.purl < other.purl ? -1 : 1));
  const content = {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        name: own.name,
        version: own.version,
        licenses: [{ license: { id: own.license } }],
      },
    },
    components,
  };
  return `${JSON.stringify({ ...content, serialNumber: `urn:uuid:${uuidOf(content)}` }, null, 2)}\n`;
}

/**
 * The places in the lock file of what was bundled: of packages with two versions, the one that a bundled package
 * finds.
 */
function reached(packages, bundled) {
  const found = new Set();
  const visit = (from, names) => {
    for (const name of names.filter((one) => bundled.has(one))) {
      const path = placeOf(packages, from, name);
      if (path === undefined || found.has(path)) continue;
      found.add(path);
      const { dependencies = {}, optionalDependencies = {} } = packages[path];
      visit(path, Object.keys({ ...dependencies, ...optionalDependencies }));
    }
  };
  visit('', Object.keys(packages[''].devDependencies));
  return [...found];
}

/** Where Node finds a package, seen from the place of another. */
function placeOf(packages, from, name) {
  for (
    let folder = from;
    ;
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))
  ) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (path in packages) return path;
    if (folder === '') return undefined;
  }
}

function nameOf(path) {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** npm's `sha512-…` in Base64, as CycloneDX writes it. */
function hashOf(integrity) {
  const [algorithm, base64] = integrity.split(' ')[0].split('-');
  const alg = { sha512: 'SHA-512', sha256: 'SHA-256', sha1: 'SHA-1' }[algorithm];
  return { alg, content: Buffer.from(base64, 'base64').toString('hex') };
}

/** A number that follows from the content. */
function uuidOf(content) {
  const hex = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
