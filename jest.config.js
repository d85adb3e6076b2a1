import { join, resolve } from 'node:path';

/** Where testing/cache.ts keeps what is made once: a second run transforms nothing anew. */
const cache = resolve(process.env.REPLAY_ACTION_CACHE || join(import.meta.dirname, '.cache'));

/** @type {import('jest').Config} */
export default {
  cacheDirectory: join(cache, 'jest'),
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2023' }, module: { type: 'es6' } }],
  },
  // Real servers and processes on a busy machine: this tells a hang from work, and nothing about speed,
  // which bench/ measures.
  testTimeout: 300_000,
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  setupFilesAfterEnv: ['<rootDir>/testing/every-test-asserts.ts'],
  testSequencer: '<rootDir>/testing/sequencer.mjs',
  modulePathIgnorePatterns: ['<rootDir>/.cache', '<rootDir>/dist', '<rootDir>/examples'],
};
