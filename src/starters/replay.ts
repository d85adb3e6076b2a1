// The four actions are one program: a bundle for each would hold the same code four times.
process.argv[2] = 'replay';
await import('../index.js');
