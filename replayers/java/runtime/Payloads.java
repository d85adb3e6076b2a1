package temporalreplaygate;

import com.google.protobuf.ByteString;
import io.temporal.api.common.v1.Payload;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Payloads as they may leave this process: {@code ENCODING:DIGEST}. */
final class Payloads {
  private static final int DIGEST_BYTES = 16;

  private Payloads() {}

  /** As docs/replayer-protocol.md describes it. */
  static String digest(Payload payload) {
    String encoding = metadata(payload, "encoding");
    byte[] content = payload.getData().toByteArray();
    byte[] canonical = encoding.startsWith("json/") ? CanonicalJson.of(content) : null;
    return digest(encoding, canonical == null ? content : canonical, metadata(payload, "messageType"));
  }

  static String digest(String encoding, byte[] content, String messageType) {
    MessageDigest sha = sha256();
    sha.update((encoding + "\0" + messageType + "\0").getBytes(StandardCharsets.UTF_8));
    sha.update(content);
    StringBuilder words = new StringBuilder(Carried.cut(encoding, Carried.MAX_NAME)).append(':');
    byte[] digest = sha.digest();
    for (int index = 0; index < DIGEST_BYTES; index++) words.append(String.format("%02x", digest[index]));
    return words.toString();
  }

  static String metadata(Payload payload, String name) {
    ByteString value = payload.getMetadataMap().get(name);
    return value == null ? "" : text(value.toByteArray());
  }

  /** Reads text as the parent does: it replaces what is no UTF-8, and drops a byte order mark. */
  static String text(byte[] data) {
    String text = new String(withoutSurrogates(data), StandardCharsets.UTF_8);
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  /** For a surrogate in three bytes, Java makes one replacement character, and ECMAScript makes three. */
  private static byte[] withoutSurrogates(byte[] data) {
    byte[] copy = data;
    for (int index = 0; index + 1 < data.length; index++) {
      boolean isSurrogate = (data[index] & 0xFF) == 0xED && (data[index + 1] & 0xFF) >= 0xA0 && (data[index + 1] & 0xFF) <= 0xBF;
      if (!isSurrogate) continue;
      if (copy == data) copy = data.clone();
      // It begins no character, so each of the three bytes is replaced by itself.
      copy[index] = (byte) 0xFF;
    }
    return copy;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException error) {
      // Every Java platform has this algorithm.
      throw new IllegalStateException(error);
    }
  }
}
