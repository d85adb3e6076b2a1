package temporalreplaygate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * The protocol's two pipes. The launcher gives the process an empty standard input, and standard error as its standard
 * output. So what the code under test reads and prints cannot get into the protocol by accident.
 */
final class Channel {
  private static final int OUTPUT = 3;
  private static final int INPUT = 4;

  /** Escapes, because a cut text may end with half of a surrogate pair, which cannot be written otherwise. */
  private final ObjectMapper json = new ObjectMapper(new JsonFactory().enable(JsonGenerator.Feature.ESCAPE_NON_ASCII));
  private final FileOutputStream output = new FileOutputStream(descriptor(OUTPUT));
  private final BlockingQueue<JsonNode> messages = new ArrayBlockingQueue<>(1);

  Channel() {
    Thread reader = new Thread(this::read, "replay-input");
    reader.setDaemon(true);
    reader.start();
  }

  JsonNode next() throws InterruptedException {
    return messages.take();
  }

  synchronized void send(Map<String, ?> message) {
    try {
      byte[] text = json.writeValueAsBytes(message);
      byte[] line = java.util.Arrays.copyOf(text, text.length + 1);
      line[text.length] = '\n';
      output.write(line);
    } catch (IOException error) {
      // The parent is gone.
      Runtime.getRuntime().halt(1);
    }
  }

  /** Sends the message and ends the process. */
  void fatal(String message, String hint) {
    Map<String, Object> fatal = new LinkedHashMap<>();
    fatal.put("type", "fatal");
    fatal.put("message", message);
    if (hint != null) fatal.put("hint", hint);
    send(fatal);
    Runtime.getRuntime().halt(1);
  }

  private void read() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new FileInputStream(descriptor(INPUT)), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (!line.isEmpty()) messages.put(json.readTree(line));
      }
    } catch (IOException | InterruptedException error) {
      // As at the end of the input.
    }
    // The parent is gone: nobody waits for the code under test.
    Runtime.getRuntime().halt(0);
  }

  /**
   * By its number. {@code /dev/fd/3} would open a pipe anew, and fails for a socket, which the parent may use. The
   * launcher opens the package to this reflection.
   */
  private static FileDescriptor descriptor(int number) {
    try {
      Constructor<FileDescriptor> constructor = FileDescriptor.class.getDeclaredConstructor(int.class);
      constructor.setAccessible(true);
      return constructor.newInstance(number);
    } catch (ReflectiveOperationException error) {
      throw new IllegalStateException(error);
    }
  }
}
