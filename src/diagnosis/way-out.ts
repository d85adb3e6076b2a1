import type { Target } from '../model/target.js';

/** What to do if the code is not meant to take over these executions, with the command for the server's versioning. */
export function wayOut(target: Target | undefined): string {
  const leave = 'Or, if this code is only for new executions, take the claim out of the title';
  switch (target?.kind) {
    case 'worker-deployment':
    case 'worker-deployments': {
      const name = target.kind === 'worker-deployment' ? target.deploymentName : '';
      return (
        `${leave} and keep these executions on their version: pinned ones stay there when this version becomes ` +
        `current (temporal worker deployment set-current-version --deployment-name ${argument(name, 'NAME')} ` +
        '--build-id NEW_BUILD_ID); the others move to whatever version is current.'
      );
    }
    case 'version-set': {
      const [queue = 'TASK_QUEUE'] = target.sets.map(({ taskQueue }) => taskQueue);
      return (
        `${leave} and deploy this version as a new default, so that running executions stay on the ` +
        `old one (temporal task-queue update-build-ids add-new-default --task-queue ${argument(queue, 'TASK_QUEUE')} --build-id NEW_BUILD_ID).`
      );
    }
    case 'build-id':
    case 'query':
    case 'history-files':
    case undefined:
      return `${leave} and deploy this version so that running executions stay on the old one.`;
  }
}

/** Names come from the server, and people paste commands into a shell: odd ones are left to fill in. */
function argument(name: string, placeholder: string): string {
  return /^[\w.:@/-]+$/u.test(name) ? name : placeholder;
}
