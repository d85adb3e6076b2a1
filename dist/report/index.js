"use strict";
// The four actions are one program: a bundle for each would hold the same code four times.
process.argv[2] = 'report';
await import('../index.js');
