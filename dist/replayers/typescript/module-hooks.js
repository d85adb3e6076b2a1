import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join, resolve as resolvePath } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { aliased, projectSettings } from './tsconfig.js';
let data;
export function initialize(given) {
    data = given;
}
/** Node's hook: says what a specifier means, where Node itself would not find it. */
export function resolve(specifier, context, next) {
    // Newer releases of Node ask for what is required too; `patchRequire` answers that.
    const isRequired = context.conditions?.includes('require') === true;
    const from = isRequired ? undefined : pathIn(context.parentURL);
    const found = from === undefined ? undefined : pathOf(specifier, from);
    return next(found === undefined ? specifier : pathToFileURL(found).href, context);
}
/** Node's hook: compiles TypeScript. */
export function load(url, context, next) {
    const path = pathIn(url);
    if (path === undefined || !isTypeScript(path))
        return next(url, context);
    return isModule(path)
        ? { format: 'module', source: compile(path, 'es6'), shortCircuit: true }
        : { format: 'commonjs', source: compile(path, 'commonjs'), shortCircuit: true };
}
/** The same for `require`: replaces what Node does with the endings of TypeScript, and how it finds a file. */
export function patchRequire(internals) {
    const compileCommonJs = (module, filename) => {
        // With the format, Node does not take it for an ES module where it fails as CommonJS.
        module._compile(compile(filename, 'commonjs'), filename, 'commonjs');
    };
    for (const ending of ['.ts', '.cts', '.tsx', '.mts'])
        internals._extensions[ending] = compileCommonJs;
    // eslint-disable-next-line @typescript-eslint/unbound-method -- it gets its `this` by call() below
    const resolveFilename = internals._resolveFilename;
    internals._resolveFilename = function (request, parent, isMain, options) {
        const from = options?.paths === undefined ? parent?.filename : undefined;
        const found = typeof from === 'string' ? pathOf(request, from) : undefined;
        return resolveFilename.call(this, found ?? request, parent, isMain, options);
    };
}
const TYPESCRIPT = /(?<!\.d)\.[cm]?tsx?$/u;
function isTypeScript(path) {
    return TYPESCRIPT.test(path) && !isInstalled(path);
}
function isInstalled(path) {
    return /[\\/]node_modules[\\/]/u.test(path);
}
/** Whether a TypeScript file is an ES module. */
export function isModule(path) {
    if (/\.mtsx?$/u.test(path))
        return true;
    if (/\.ctsx?$/u.test(path))
        return false;
    if (data?.allModules === true)
        return true;
    for (let at = dirname(path);; at = dirname(at)) {
        const manifest = join(at, 'package.json');
        if (existsSync(manifest)) {
            try {
                return JSON.parse(readFileSync(manifest, 'utf8')).type === 'module';
            }
            catch {
                return false;
            }
        }
        if (dirname(at) === at)
            return false;
    }
}
function compile(path, type) {
    if (data === undefined)
        throw new Error('the compiler is not known yet');
    const swc = createRequire(path)(data.swc);
    const { experimentalDecorators, emitDecoratorMetadata } = settingsOf(path);
    const source = readFileSync(path, 'utf8');
    const { code } = swc.transformSync(source, {
        filename: path,
        configFile: false,
        swcrc: false,
        sourceMaps: 'inline',
        // So that ES modules find what a CommonJS module exports.
        module: { type, exportInteropAnnotation: true },
        jsc: {
            target: 'es2022',
            parser: { syntax: 'typescript', decorators: true, tsx: path.endsWith('x') },
            transform: {
                legacyDecorator: experimentalDecorators || emitDecoratorMetadata,
                decoratorMetadata: emitDecoratorMetadata,
            },
        },
    });
    return type === 'es6' ? `${commonNames(code)}${code}` : code;
}
/** What the names that only CommonJS modules have would be in an ES module. */
const COMMON_NAMES = {
    __filename: '__gateUrl.fileURLToPath(import.meta.url)',
    __dirname: "__gateUrl.fileURLToPath(new URL('.', import.meta.url)).slice(0, -1)",
    require: '__gateModule.createRequire(import.meta.url)',
};
/** Gives an ES module those of these names that it uses and does not declare. On its first line it moves no line. */
function commonNames(code) {
    const missing = Object.entries(COMMON_NAMES).filter(([name]) => {
        const isUsed = new RegExp(`(?<![.\\w$])${name}(?![\\w$])`, 'u').test(code);
        const isDeclared = new RegExp(`\\b${name}\\s*=(?!=)|\\bimport\\b[^;'"]*\\b${name}\\b|\\bfunction\\s+${name}\\b`, 'u');
        return isUsed && !isDeclared.test(code);
    });
    if (missing.length === 0)
        return '';
    const declarations = missing.map(([name, value]) => `${name} = ${value}`).join(', ');
    return `import __gateModule from 'node:module'; import __gateUrl from 'node:url'; const ${declarations}; `;
}
const settingsByFolder = new Map();
function settingsOf(path) {
    const folder = dirname(path);
    const settings = settingsByFolder.get(folder) ?? projectSettings(folder);
    settingsByFolder.set(folder, settings);
    return settings;
}
/** The file that an import of the application's own code means; undefined where Node's own rules tell. */
export function pathOf(specifier, from) {
    if (isInstalled(from))
        return undefined;
    if (/^\.{1,2}(?:\/|$)/u.test(specifier))
        return fileAt(resolvePath(dirname(from), specifier));
    if (/^(?:[\\/#]|\w+:)/u.test(specifier) || isBuiltin(specifier))
        return undefined;
    const settings = settingsOf(from);
    return [
        ...aliased(specifier, settings),
        ...(settings.baseUrl === undefined ? [] : [join(settings.baseUrl, specifier)]),
    ]
        .map(fileAt)
        .find((path) => path !== undefined && !isInstalled(path) && !path.endsWith('.d.ts'));
}
/** Names that compiled files have, with those that their sources have. */
const SOURCES = [
    [/\.jsx?$/u, ['.ts', '.tsx']],
    [/\.mjs$/u, ['.mts']],
    [/\.cjs$/u, ['.cts']],
];
const ENDINGS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json'];
function fileAt(path) {
    const bySource = SOURCES.flatMap(([compiled, sources]) => compiled.test(path) ? sources.map((ending) => path.replace(compiled, ending)) : []);
    return [
        path,
        ...bySource,
        ...ENDINGS.map((ending) => path + ending),
        ...ENDINGS.map((ending) => join(path, `index${ending}`)),
    ].find((candidate) => statSync(candidate, { throwIfNoEntry: false })?.isFile() === true);
}
function pathIn(url) {
    return url?.startsWith('file:') === true ? fileURLToPath(url) : undefined;
}
