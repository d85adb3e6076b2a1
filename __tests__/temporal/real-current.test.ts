import { expect, test } from '@jest/globals';
import { refuseRealCurrent } from '../../src/temporal/refuse-real-current.js';

test('a build ID that is really called "current" is an error, because it could mean two builds', () => {
  const versions = [{ buildId: 'v1' }, { buildId: 'current' }];
  expect(() => refuseRealCurrent(versions, 'Worker Deployment orders')).toThrow(
    'Worker Deployment orders holds a build ID that is really called "current"',
  );
  expect(() => refuseRealCurrent(versions.slice(0, 1), 'Worker Deployment orders')).not.toThrow();
});
