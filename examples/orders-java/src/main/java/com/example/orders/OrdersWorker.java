package com.example.orders;

import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerOptions;

/** Runs the workflows and activities of the shop. */
public final class OrdersWorker {
  private OrdersWorker() {}

  public static void main(String[] args) {
    WorkerFactory factory = WorkerFactory.newInstance(Connection.connect());
    String buildId = Connection.variable("BUILD_ID", "");
    WorkerOptions.Builder options = WorkerOptions.newBuilder();
    // Version sets, which is what a build ID alone asks for.
    if (!buildId.isEmpty()) options.setBuildId(buildId).setUseBuildIdForVersioning(true);
    Worker worker = factory.newWorker(Connection.taskQueue(), options.build());
    register(worker);
    worker.registerActivitiesImplementations(new ActivitiesImpl());
    factory.start();
    System.out.println("The worker is ready");
  }

  /** Replay calls it, too: both then know the same workflows. */
  public static void register(Worker worker) {
    worker.registerWorkflowImplementationTypes(
        OrderWorkflowImpl.class, ShipmentWorkflowImpl.class, ReminderWorkflowImpl.class);
  }
}
