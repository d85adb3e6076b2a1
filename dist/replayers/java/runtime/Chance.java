package temporalreplaygate;

import java.lang.reflect.Field;

/**
 * What chance decides in a JVM: where the iteration of {@code Set.of} and {@code Map.of} begins, and the hash codes of
 * objects that have none of their own. Without this class, it would be another in each run.
 */
final class Chance {
  /** Processes of one number decide alike; absent: this is no such process. */
  private static final String NUMBER = "REPLAY_GATE_CHANCE";

  /** For collections of two to many elements, some of these begin elsewhere. */
  private static final long[] SALTS = {0x2AAA_AAAAL, 0xD555_5555L, 0x8000_0000L, 0x5A5A_0000L, 0xF000_0000L};

  private static final String COLLECTIONS = "java.util.ImmutableCollections";

  private static int turn = 0;

  private Chance() {}

  /** Before any code of the application runs. */
  static void begin() {
    order(0);
    String number = System.getenv(NUMBER);
    int threads;
    try {
      threads = number == null ? 0 : Integer.parseInt(number);
    } catch (NumberFormatException error) {
      threads = 0;
    }
    // Each thread draws the seed of the hash codes that it gives out from one row of numbers.
    for (int thread = 0; thread < threads; thread++) {
      Thread drawing = new Thread(() -> {});
      drawing.start();
      try {
        drawing.join();
      } catch (InterruptedException error) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The next recorded replay goes another way through what has no order. */
  static void shift() {
    turn++;
    order(turn);
  }

  /** The order of plain replays. */
  static void restore() {
    order(0);
  }

  private static void order(int turn) {
    set("SALT32L", SALTS[turn % SALTS.length], true);
    set("REVERSE", turn % 2, false);
  }

  /** Does nothing where a release of Java keeps it elsewhere. Only iteration looks at these fields. */
  private static void set(String name, long value, boolean isLong) {
    try {
      Class<?> unsafe = Class.forName("sun.misc.Unsafe");
      Field only = unsafe.getDeclaredField("theUnsafe");
      only.setAccessible(true);
      Object it = only.get(null);
      Field field = Class.forName(COLLECTIONS).getDeclaredField(name);
      Object base = unsafe.getMethod("staticFieldBase", Field.class).invoke(it, field);
      long offset = (Long) unsafe.getMethod("staticFieldOffset", Field.class).invoke(it, field);
      if (isLong && field.getType() == long.class) {
        unsafe.getMethod("putLong", Object.class, long.class, long.class).invoke(it, base, offset, value);
      } else if (!isLong && field.getType() == boolean.class) {
        unsafe.getMethod("putByte", Object.class, long.class, byte.class).invoke(it, base, offset, (byte) value);
      }
    } catch (ReflectiveOperationException | LinkageError | RuntimeException error) {
      // The order is then that of this process.
    }
  }
}
