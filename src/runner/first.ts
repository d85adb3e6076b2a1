import { seal } from '../replay/seal.js';

/** The jobs that run no code under test: nobody is there to be sealed from. */
const WITHOUT_CODE: readonly (string | undefined)[] = ['fetch', 'report'];

// Red until proven green: a promise that never settles, or a crash, must not look like success.
process.exitCode = 1;

if (!WITHOUT_CODE.includes(process.argv[2])) seal(process);

// Node answers this signal by opening its inspector, to which any process of the same user may send it, and through
// which everything can be read. Who listens to it takes its place.
process.on('SIGUSR1', () => undefined);
