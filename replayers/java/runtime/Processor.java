package temporalreplaygate;

import java.io.File;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Keeps this process, with all of its threads, on one processor.
 *
 * <p>The SDK runs a workflow on threads that take turns, and hands over twice for each Workflow Task. On several
 * processors each turn wakes one that sleeps, which costs more than what is then done.
 */
final class Processor {
  private static final int TIMEOUT_SECONDS = 5;

  private Processor() {}

  /**
   * Where {@code taskset} (a part of util-linux) is not there, the kernel chooses: then replays are slower and nothing
   * else.
   *
   * @param number by the kernel's count; null where none is to be kept to
   */
  static void keepTo(String number) throws InterruptedException {
    if (number == null) return;
    File nowhere = new File("/dev/null");
    try {
      String own = new File("/proc/self").getCanonicalFile().getName();
      Process taskset =
          new ProcessBuilder("taskset", "--all-tasks", "--pid", "--cpu-list", number, own)
              .redirectInput(nowhere)
              .redirectOutput(nowhere)
              .redirectError(nowhere)
              .start();
      if (!taskset.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) taskset.destroyForcibly();
    } catch (IOException error) {
      // As above.
    }
  }
}
