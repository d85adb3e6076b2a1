package temporalreplaygate;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The needed part of the class file format (Java Virtual Machine Specification, chapter 4). */
final class ClassFile {
  /** For methods with code, the line of the first statement, by the method's name and number of parameters. */
  private final Map<String, Integer> firstLines = new HashMap<>();

  /** The superclass and the interfaces, as binary names. */
  private final List<String> parents = new ArrayList<>();

  private String sourceFile;
  private int majorVersion;
  private boolean isConcrete;

  private ClassFile() {}

  static ClassFile read(InputStream from) throws IOException {
    ClassFile read = new ClassFile();
    DataInputStream in = new DataInputStream(new BufferedInputStream(from));
    skip(in, 6);
    read.majorVersion = in.readUnsignedShort();
    int[] classes = new int[0x10000];
    String[] texts = constants(in, classes);
    // Neither an interface nor abstract.
    read.isConcrete = (in.readUnsignedShort() & 0x600) == 0;
    skip(in, 2);
    read.parent(texts, classes[in.readUnsignedShort()]);
    for (int count = in.readUnsignedShort(); count > 0; count--) read.parent(texts, classes[in.readUnsignedShort()]);
    skipMembers(in);
    read.methods(in, texts);
    for (int count = in.readUnsignedShort(); count > 0; count--) {
      String name = texts[in.readUnsignedShort()];
      int length = in.readInt();
      if ("SourceFile".equals(name)) read.sourceFile = texts[in.readUnsignedShort()];
      else skip(in, length);
    }
    return read;
  }

  private void parent(String[] texts, int index) {
    if (index != 0) parents.add(texts[index].replace('/', '.'));
  }

  /** The class in this file, or null where it cannot be read. */
  static ClassFile readOrNull(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return read(in);
    } catch (IOException | RuntimeException error) {
      return null;
    }
  }

  List<String> parents() {
    return parents;
  }

  boolean isConcrete() {
    return isConcrete;
  }

  /** The release of Java that it needs. */
  int javaVersion() {
    return majorVersion - 44;
  }

  /** The name of the source file, without a folder, or null where the compiler left it out. */
  static String sourceFile(Path file) {
    ClassFile read = readOrNull(file);
    return read == null ? null : read.sourceFile;
  }

  String sourceFile() {
    return sourceFile;
  }

  /** 0 where there is no code, where the compiler left the lines out, or where there are two such methods. */
  int firstLine(String method, int parameters) {
    return firstLines.getOrDefault(method + " " + parameters, 0);
  }

  private void methods(DataInputStream in, String[] texts) throws IOException {
    for (int count = in.readUnsignedShort(); count > 0; count--) {
      int flags = in.readUnsignedShort();
      String name = texts[in.readUnsignedShort()];
      String key = name + " " + parametersIn(texts[in.readUnsignedShort()]);
      int line = firstLine(in, texts);
      boolean isMadeByCompiler = (flags & 0x1000) != 0;
      if (!isMadeByCompiler) firstLines.merge(key, line, (one, other) -> 0);
    }
  }

  /** The method whose attributes come next. */
  private static int firstLine(DataInputStream in, String[] texts) throws IOException {
    int line = 0;
    for (int attributes = in.readUnsignedShort(); attributes > 0; attributes--) {
      String attribute = texts[in.readUnsignedShort()];
      int length = in.readInt();
      if (!"Code".equals(attribute)) {
        skip(in, length);
        continue;
      }
      skip(in, 4);
      skip(in, in.readInt());
      skip(in, 8 * in.readUnsignedShort());
      line = lineTable(in, texts);
    }
    return line;
  }

  private static int lineTable(DataInputStream in, String[] texts) throws IOException {
    int first = 0;
    for (int attributes = in.readUnsignedShort(); attributes > 0; attributes--) {
      String attribute = texts[in.readUnsignedShort()];
      int length = in.readInt();
      if (!"LineNumberTable".equals(attribute)) {
        skip(in, length);
        continue;
      }
      for (int entries = in.readUnsignedShort(); entries > 0; entries--) {
        skip(in, 2);
        int line = in.readUnsignedShort();
        if (first == 0) first = line;
      }
    }
    return first;
  }

  private static int parametersIn(String descriptor) {
    int count = 0;
    for (int at = 1; descriptor.charAt(at) != ')'; at++) {
      while (descriptor.charAt(at) == '[') at++;
      if (descriptor.charAt(at) == 'L') at = descriptor.indexOf(';', at);
      count++;
    }
    return count;
  }

  /**
   * The texts of the constant pool, at their indices.
   *
   * @param classes gets the indices of the names of classes
   */
  private static String[] constants(DataInputStream in, int[] classes) throws IOException {
    String[] texts = new String[in.readUnsignedShort()];
    for (int index = 1; index < texts.length; index++) {
      int tag = in.readUnsignedByte();
      switch (tag) {
        case 1:
          texts[index] = in.readUTF();
          break;
        case 7:
          classes[index] = in.readUnsignedShort();
          break;
        case 8:
        case 16:
        case 19:
        case 20:
          skip(in, 2);
          break;
        case 15:
          skip(in, 3);
          break;
        case 5:
        case 6:
          // They take two indices.
          skip(in, 8);
          index++;
          break;
        default:
          skip(in, 4);
      }
    }
    return texts;
  }

  private static void skipMembers(DataInputStream in) throws IOException {
    for (int members = in.readUnsignedShort(); members > 0; members--) {
      skip(in, 6);
      for (int attributes = in.readUnsignedShort(); attributes > 0; attributes--) {
        skip(in, 2);
        skip(in, in.readInt());
      }
    }
  }

  private static void skip(DataInputStream in, int bytes) throws IOException {
    for (int left = bytes; left > 0; ) {
      int skipped = in.skipBytes(left);
      if (skipped <= 0) throw new java.io.EOFException();
      left -= skipped;
    }
  }
}
