import { seal } from '../replay/seal.js';

/** The jobs that run no code under test, so they need no seal. */
const WITHOUT_CODE: readonly (string | undefined)[] = ['fetch-job', 'report-job', 'retire-job'];

// Red until proven green: a crash, or a promise that never settles, must not look like success.
process.exitCode = 1;

if (!WITHOUT_CODE.includes(process.argv[2])) seal(process);

// Any process of the same user may send this signal. Node would answer it by opening its inspector, through which
// everything can be read. A listener of our own prevents that.
process.on('SIGUSR1', () => undefined);
