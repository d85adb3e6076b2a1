import { ExampleApplication, exampleWorkspace, type Checkout } from './example-application.js';
import { findPythonSdk, NEWEST_PYTHON_SDK } from './python-sdk.js';
import { required } from './toolchain.js';

/**
 * An example in Python, with an environment of its SDK from the cache.
 *
 * @param folder its name in `examples`
 * @param packageName of the package whose `worker` and `start` are run
 */
export async function pythonApplication(
  folder: string,
  packageName: string,
  checkout: Checkout = {},
): Promise<ExampleApplication> {
  const { python } = required(await findPythonSdk(NEWEST_PYTHON_SDK));
  return new ExampleApplication(await exampleWorkspace(folder, checkout), {
    worker: [python, '-m', `${packageName}.worker`],
    starter: [python, '-m', `${packageName}.start`],
    environment: { PYTHONDONTWRITEBYTECODE: '1' },
  });
}
