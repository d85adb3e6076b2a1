package temporalreplaygate;

import io.temporal.common.metadata.POJOWorkflowImplMetadata;
import io.temporal.common.metadata.POJOWorkflowMethodMetadata;
import io.temporal.workflow.DynamicWorkflow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The workflow types that a class implements, in the SDK's own reading. */
final class WorkflowTypes {
  private WorkflowTypes() {}

  /** None where the SDK refuses the class: it says why when it is registered. */
  static List<String> of(Class<?> implementation) {
    if (DynamicWorkflow.class.isAssignableFrom(implementation)) return Collections.singletonList("DynamicWorkflow");
    List<String> types = new ArrayList<>();
    try {
      for (POJOWorkflowMethodMetadata method : POJOWorkflowImplMetadata.newInstance(implementation).getWorkflowMethods()) {
        types.add("the workflow type " + method.getName());
      }
    } catch (RuntimeException | LinkageError error) {
      // Nothing is known of it here.
    }
    return types;
  }
}
