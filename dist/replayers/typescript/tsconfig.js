import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import vm from 'node:vm';
const NONE = {
    aliases: {},
    experimentalDecorators: false,
    emitDecoratorMetadata: false,
};
const NAMES = ['tsconfig.json', 'jsconfig.json'];
/** The settings of the project that a folder belongs to: those of the next tsconfig.json at or above it. */
export function projectSettings(folder) {
    for (let at = folder;; at = dirname(at)) {
        const found = NAMES.map((name) => join(at, name)).find((path) => existsSync(path));
        if (found !== undefined)
            return settingsIn(found, new Set());
        if (dirname(at) === at)
            return NONE;
    }
}
/** @param seen files that are being read: a file that extends itself says nothing more */
function settingsIn(path, seen) {
    if (seen.has(path))
        return NONE;
    const written = read(path);
    const folder = dirname(path);
    let settings = NONE;
    for (const name of [written.extends ?? []].flat()) {
        const base = extended(name, path);
        if (base !== undefined)
            settings = { ...settings, ...settingsIn(base, new Set([...seen, path])) };
    }
    const { paths, baseUrl, ...decorators } = written.compilerOptions ?? {};
    if (baseUrl !== undefined)
        settings = { ...settings, baseUrl: resolve(folder, baseUrl) };
    if (paths !== undefined) {
        // Targets are relative to baseUrl, and without it to the file that names them.
        const root = settings.baseUrl ?? folder;
        const absolute = Object.entries(paths).map(([pattern, targets]) => [pattern, targets.map((target) => resolve(root, target))]);
        settings = { ...settings, aliasesIn: path, aliases: Object.fromEntries(absolute) };
    }
    const { experimentalDecorators, emitDecoratorMetadata } = decorators;
    return {
        ...settings,
        ...(experimentalDecorators === undefined ? {} : { experimentalDecorators }),
        ...(emitDecoratorMetadata === undefined ? {} : { emitDecoratorMetadata }),
    };
}
/** The file is JSON with comments and commas, which JavaScript reads as an expression. */
function read(path) {
    try {
        const text = readFileSync(path, 'utf8').replace(/^\uFEFF/u, '');
        const value = vm.runInNewContext(`(${text}\n)`, {}, { timeout: 1_000 });
        // Its objects are of another context, where nothing but JSON is of use to us.
        return (JSON.parse(JSON.stringify(value)) ?? {});
    }
    catch {
        // It is the compiler's to complain about.
        return {};
    }
}
function extended(name, from) {
    if (/^(?:\.{1,2}(?:[\\/]|$)|[\\/]|[A-Za-z]:)/u.test(name)) {
        const path = resolve(dirname(from), name);
        return [path, `${path}.json`].find((candidate) => existsSync(candidate));
    }
    const require = createRequire(from);
    for (const candidate of [name, `${name}.json`, `${name}/tsconfig.json`]) {
        try {
            const path = require.resolve(candidate);
            if (path.endsWith('.json'))
                return path;
        }
        catch {
            // The package has no such file.
        }
    }
    return undefined;
}
/** Absolute paths that a name may mean by the project's aliases, the best first; empty where it is no alias. */
export function aliased(name, { aliases }) {
    const matches = Object.entries(aliases).flatMap(([pattern, targets]) => {
        const [before = '', after] = pattern.split('*');
        if (after === undefined) {
            return name === pattern ? [{ length: Infinity, paths: [...targets] }] : [];
        }
        const fits = name.startsWith(before) &&
            name.endsWith(after) &&
            name.length >= before.length + after.length;
        if (!fits)
            return [];
        const middle = name.slice(before.length, name.length - after.length);
        const paths = targets.map((target) => target.replace('*', () => middle));
        return [{ length: before.length, paths }];
    });
    // The pattern with the longest beginning counts alone, as in the compiler.
    const [best] = matches.sort((a, b) => b.length - a.length);
    return best?.paths ?? [];
}
