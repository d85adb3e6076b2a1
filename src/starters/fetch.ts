// The five actions are one program: a bundle for each would hold the same code five times.
process.argv[2] = 'fetch-job';
await import('../index.js');
