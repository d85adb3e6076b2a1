package temporalreplaygate;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** As much of the class file format (Java Virtual Machine Specification, chapter 4) as is asked for. */
final class ClassFile {
  private ClassFile() {}

  /** The name of the source file, without a folder, or null where the compiler left it out. */
  static String sourceFile(Path file) {
    try (DataInputStream in = new DataInputStream(new java.io.BufferedInputStream(Files.newInputStream(file)))) {
      in.skipBytes(8);
      String[] texts = constants(in);
      in.skipBytes(6);
      in.skipBytes(2 * in.readUnsignedShort());
      skipMembers(in);
      skipMembers(in);
      for (int count = in.readUnsignedShort(); count > 0; count--) {
        String name = texts[in.readUnsignedShort()];
        int length = in.readInt();
        if ("SourceFile".equals(name)) return texts[in.readUnsignedShort()];
        skip(in, length);
      }
      return null;
    } catch (IOException | RuntimeException error) {
      return null;
    }
  }

  /** The texts of the constant pool, at their indices. */
  private static String[] constants(DataInputStream in) throws IOException {
    String[] texts = new String[in.readUnsignedShort()];
    for (int index = 1; index < texts.length; index++) {
      int tag = in.readUnsignedByte();
      switch (tag) {
        case 1:
          texts[index] = in.readUTF();
          break;
        case 7:
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
