package temporalreplaygate;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.List;

/**
 * Speaks the replayer protocol and replays histories with the SDK on its class path.
 *
 * <p>The launcher compiles it against the application's own SDK. Arguments: a file with the paths of all source files,
 * one a line; a file with the folders of the application's classes, one a line; the namespace; and the input
 * {@code workflows}, if it is set.
 */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    Channel channel = new Channel();
    try {
      Chance.begin();
      Sources.load(lines(args[0]));
      String workflows = args.length > 3 ? args[3] : null;
      Application application = Application.load(lines(args[1]), args[2], workflows);
      channel.send(application.ready());
      Replays replays = new Replays(application);
      for (JsonNode message = channel.next(); ; message = channel.next()) {
        String type = message.path("type").asText();
        if (type.equals("replay")) channel.send(replays.replay(message));
        else if (type.equals("end")) Runtime.getRuntime().halt(0);
      }
    } catch (Fatal fatal) {
      channel.fatal(fatal.getMessage(), fatal.hint);
    } catch (Throwable thrown) {
      channel.fatal(Thrown.trace(thrown), null);
    }
  }

  private static List<String> lines(String path) throws java.io.IOException {
    return Files.readAllLines(Paths.get(path), StandardCharsets.UTF_8);
  }
}
