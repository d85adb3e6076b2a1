import { beforeEach, expect } from '@jest/globals';

/** A test that ran no `expect` has shown nothing: it fails. */
beforeEach(() => expect.hasAssertions());
