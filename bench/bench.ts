import { diagnosis } from './diagnosis/diagnosis.js';
import { memory } from './memory.js';
import { scale } from './scale/scale.js';

/** `npm run bench -- NAME`: measures one thing, prints the figures, and exits 1 where a target is missed. */
const BENCHES: Readonly<Record<string, (args: readonly string[]) => Promise<boolean>>> = {
  diagnosis,
  memory,
  scale,
};

process.exitCode = 1;
const name = process.argv[2] ?? '';
const bench = BENCHES[name];
if (bench === undefined) {
  console.error(`Usage: npm run bench -- ${Object.keys(BENCHES).join(' | ')}`);
} else if (await bench(process.argv.slice(3))) {
  process.exitCode = 0;
}
process.exit();
