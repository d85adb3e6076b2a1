package temporalreplaygate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The application's source files, and which of them each class comes from. */
final class Sources {
  private static final Map<String, List<String>> BY_NAME = new HashMap<>();

  private Sources() {}

  static void load(List<String> paths) {
    for (String path : paths) {
      if (path.isEmpty()) continue;
      String name = path.substring(path.lastIndexOf('/') + 1);
      BY_NAME.computeIfAbsent(name, key -> new ArrayList<>()).add(path);
    }
  }

  /** Whether there is any source file. If not, a class without one means nothing. */
  static boolean areKnown() {
    return !BY_NAME.isEmpty();
  }

  static boolean hasName(String fileName) {
    return BY_NAME.containsKey(fileName);
  }

  /** The lines of a source file; none where it cannot be read. */
  static List<String> lines(String path) {
    try {
      String text = new String(Files.readAllBytes(Paths.get(path)), StandardCharsets.UTF_8);
      return Arrays.asList(text.split("\r?\n", -1));
    } catch (IOException error) {
      return Collections.emptyList();
    }
  }

  /**
   * @param className binary name
   * @param fileName without a folder, as in class files
   * @return an absolute path, or null where there is no such file, or more than one that could be it
   */
  static String of(String className, String fileName) {
    if (fileName == null) return null;
    List<String> candidates = BY_NAME.getOrDefault(fileName, Collections.<String>emptyList());
    int dot = className.lastIndexOf('.');
    String suffix =
        "/" + (dot < 0 ? "" : className.substring(0, dot).replace('.', '/') + "/") + fileName;
    String found = null;
    for (String path : candidates) {
      if (!path.endsWith(suffix)) continue;
      if (found != null) return null;
      found = path;
    }
    // Kotlin's files need not be in folders with the package's name.
    boolean isFree = found == null && fileName.endsWith(".kt") && candidates.size() == 1;
    return isFree ? candidates.get(0) : found;
  }
}
