import { delimiter, join } from 'node:path';
import { ExampleApplication, exampleWorkspace, type Checkout } from './example-application.js';
import { compileJava, findJavaSdk, JAVA_SDKS } from './java-sdk.js';
import type { OrdersPatch } from './orders-application.js';
import { required } from './toolchain.js';
import type { Workspace } from './workspace.js';

/** A checkout of the example application in Java, as a pull request leaves it, compiled. */
export async function javaOrdersWorkspace(
  checkout: Checkout<OrdersPatch> = {},
): Promise<Workspace> {
  const workspace = await exampleWorkspace('orders-java', checkout);
  await compileJava(workspace.application, required(await findJavaSdk(JAVA_SDKS.newest)));
  return workspace;
}

/** The example application in Java, compiled, so that its worker and its starter can run. */
export async function javaOrdersApplication(
  checkout: Checkout<OrdersPatch> = {},
): Promise<ExampleApplication> {
  const workspace = await javaOrdersWorkspace(checkout);
  const sdk = required(await findJavaSdk(JAVA_SDKS.newest));
  const classes = join(workspace.application, 'target', 'classes');
  const java = ['java', '-cp', [classes, sdk.classPath].join(delimiter)] as const;
  return new ExampleApplication(workspace, {
    worker: [...java, 'com.example.orders.OrdersWorker'],
    starter: [...java, 'com.example.orders.OrdersStarter'],
  });
}
