package com.example.orders;

import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;

/** To the server that the environment names. */
final class Connection {
  private Connection() {}

  static WorkflowClient connect() {
    WorkflowServiceStubs service =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder()
                .setTarget(variable("TEMPORAL_ADDRESS", "127.0.0.1:7233"))
                .build());
    return WorkflowClient.newInstance(
        service,
        WorkflowClientOptions.newBuilder().setNamespace(variable("TEMPORAL_NAMESPACE", "default")).build());
  }

  static String taskQueue() {
    return variable("TASK_QUEUE", "orders");
  }

  static String variable(String name, String otherwise) {
    String value = System.getenv(name);
    return value == null || value.isEmpty() ? otherwise : value;
  }
}
