import { describe, expect, it } from '@jest/globals';
import { bundlerErrors } from '../../replayers/typescript/bundle-problem.js';

describe('bundlerErrors', () => {
  it('leaves of a log what the author of the code needs', () => {
    const log = `asset workflow-bundle-ce8a.js 1.62 MiB [emitted] (name: main)
modules by path ./src/workflows/ 10.5 KiB
node:fs 39 bytes [built] [code generated] [1 error]

ERROR in node:fs
Module build failed: UnhandledSchemeError: Reading from "node:fs" is not handled by plugins.

    at Hook._callAsync (/app/node_modules/tapable/lib/HookCodeFactory.js:102:10)
    at new Promise (<anonymous>)
 @ ./src/workflows/timers.ts 1:0-39 3:4-16
 @ ./src/workflows/index.ts 1:0-29

ERROR in ./src/workflows/order.ts 1:0-30
Module not found: Error: Can't resolve './nowhere' in '/app/src/workflows'
resolve './nowhere' in '/app/src/workflows'
  using description file: /app/package.json (relative path: ./src/workflows)
 @ ./src/workflows/index.ts 2:0-29

webpack 5.112.2 compiled with 2 errors in 2379 ms
`;
    expect(bundlerErrors(log)).toBe(
      [
        'ERROR in node:fs',
        'Module build failed: UnhandledSchemeError: Reading from "node:fs" is not handled by plugins.',
        'imported by ./src/workflows/timers.ts 1:0-39 3:4-16',
        'ERROR in ./src/workflows/order.ts 1:0-30',
        "Module not found: Error: Can't resolve './nowhere' in '/app/src/workflows'",
        'imported by ./src/workflows/index.ts 2:0-29',
      ].join('\n'),
    );
  });

  it('knows none in any other log', () => {
    expect(bundlerErrors('webpack 5.112.2 compiled successfully in 900 ms')).toBeUndefined();
    expect(bundlerErrors('')).toBeUndefined();
  });
});
