#!/usr/bin/env node
// What `npx` starts. Without this word, a command line without arguments would be a step of a job.
if (process.argv[2] !== 'terminal') process.argv.splice(2, 0, 'terminal');
await import('../index.js');
