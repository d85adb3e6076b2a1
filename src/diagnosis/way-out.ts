import type { Target } from '../model/target.js';

/** What to do if the code is only for new executions, with the command for the server's versioning. */
export function wayOut(target: Target | undefined): string {
  const leave = 'or take the claim out';
  switch (target?.kind) {
    case 'worker-deployment':
      return (
        `${leave} and keep these executions on their version: pinned ones stay there when this version becomes ` +
        `current (temporal worker deployment set-current-version --deployment-name ${argument(target.deploymentName, 'NAME')} ` +
        '--build-id NEW_BUILD_ID); the others move to whatever version is current.'
      );
    case 'version-set': {
      const [queue = 'TASK_QUEUE'] = target.sets.map(({ taskQueue }) => taskQueue);
      return (
        `${leave} of the title and deploy this version as a new default, so that running executions stay on the ` +
        `old one (temporal task-queue update-build-ids add-new-default --task-queue ${argument(queue, 'TASK_QUEUE')} --build-id NEW_BUILD_ID).`
      );
    }
    case 'build-id':
    case 'query':
    case 'history-files':
    case undefined:
      return `${leave} of the title and deploy this version so that running executions stay on the old one.`;
  }
}

/** Names come from the server, and people paste commands into a shell: odd ones are left to fill in. */
function argument(name: string, placeholder: string): string {
  return /^[\w.:@/-]+$/u.test(name) ? name : placeholder;
}
