import { describe, expect, test } from '@jest/globals';
import {
  buildIdQuery,
  deploymentQueries,
  type DeploymentQueries,
} from '../../src/temporal/query.js';

function queries(changes: Partial<DeploymentQueries> = {}): Record<string, string> {
  const groups = deploymentQueries({
    deploymentName: 'shop',
    buildId: 'b1',
    liveBuildIds: ['b2'],
    taskQueues: ['orders', 'parcels'],
    narrowed: false,
    knowsUsedVersions: true,
    userQuery: undefined,
    ...changes,
  });
  return Object.fromEntries(groups.map(({ group, query }) => [group, query]));
}

describe('the groups of a Worker Deployment', () => {
  test('each have a query of their own', () => {
    expect(queries()).toEqual({
      'auto-upgrade':
        'TemporalWorkerDeployment = "shop" AND TemporalWorkflowVersioningBehavior = "AutoUpgrade" AND CloseTime IS NULL',
      'no-behavior':
        'TaskQueue IN ("orders", "parcels") AND TemporalWorkflowVersioningBehavior IS NULL AND CloseTime IS NULL',
      pinned:
        'TemporalWorkerDeployment = "shop" AND TemporalWorkerDeploymentVersion IN ("shop:b1", "shop.b1") AND TemporalWorkflowVersioningBehavior = "Pinned" AND CloseTime IS NULL',
      closed:
        'TemporalWorkerDeployment = "shop" AND TemporalUsedWorkerDeploymentVersions IN ("shop:b2", "shop.b2") AND CloseTime IS NOT NULL',
    });
  });

  test('look for closed executions by what older servers have', () => {
    expect(queries({ knowsUsedVersions: false })['closed']).toBe(
      'TemporalWorkerDeployment = "shop" AND ' +
        '(TemporalWorkerDeploymentVersion IN ("shop:b2", "shop.b2") OR ' +
        'BuildIds IN ("unversioned:b2", "versioned:b2", "pinned:shop:b2")) AND CloseTime IS NOT NULL',
    );
  });

  test('are all narrowed by task queues that the user named, and by a query', () => {
    const narrowed = queries({
      taskQueues: ['orders'],
      narrowed: true,
      userQuery: 'A = 1 OR B = 2',
    });
    expect(Object.keys(narrowed)).toHaveLength(4);
    for (const query of Object.values(narrowed)) {
      expect(query).toContain('TaskQueue = "orders"');
      expect(query).toMatch(/ AND \(A = 1 OR B = 2\)$/u);
    }
  });

  test('lack those that cannot have an execution', () => {
    expect(Object.keys(queries({ taskQueues: [], liveBuildIds: [] }))).toEqual([
      'auto-upgrade',
      'pinned',
    ]);
  });

  test.each(['b"1', "b'1", 'b\\1', 'b\u00001', 'b\u200b1'])('carry no %j', (buildId) => {
    expect(() => queries({ buildId })).toThrow(/reached a query/u);
    expect(() => queries({ deploymentName: buildId })).toThrow(/reached a query/u);
  });
});

describe('a build ID without a lookup', () => {
  const options = { deploymentName: undefined, taskQueues: [], userQuery: undefined };

  test('is looked for in every form that names no deployment', () => {
    expect(buildIdQuery('v1', options)).toBe(
      'BuildIds IN ("versioned:v1", "unversioned:v1", "assigned:v1")',
    );
  });

  test('is looked for in the deployment, on the queues and by the query that are given', () => {
    expect(
      buildIdQuery('v1', { deploymentName: 'shop', taskQueues: ['orders'], userQuery: 'A = 1' }),
    ).toBe(
      'TaskQueue = "orders" AND BuildIds IN ("versioned:v1", "unversioned:v1", "assigned:v1", "pinned:shop:v1") AND (A = 1)',
    );
  });
});
