package dev.stream.codec.zstd;

import java.io.IOException;
import java.util.Arrays;

/**
 * What does the work. Thread-safe; may throw unchecked exceptions, for {@link ZstdCodec} to turn.
 */
interface ZstdEngine {

  String description();

  /** Returns the number of bytes written, at most {@code targetLength}. */
  int compress(
      byte[] source, int offset, int length, byte[] target, int targetOffset, int targetLength);

  /** Returns the number of bytes written, at most {@code targetLength}. */
  int decompress(
      byte[] source, int offset, int length, byte[] target, int targetOffset, int targetLength);

  /**
   * The native engine if it works here, else pure Java.
   *
   * @throws IOException if neither works
   */
  static ZstdEngine choose(ZstdSettings settings, boolean pure) throws IOException {
    String nativeFailure = "not tried, as " + ZstdCodecProvider.PURE_PROPERTY + " is set";
    if (!pure) {
      try {
        return proven(new NativeEngine(settings));
      } catch (LinkageError | RuntimeException e) {
        // No library for this platform, or nowhere to unpack it to: pure Java reads and writes the
        // same format.
        nativeFailure = e.toString();
      }
    }
    try {
      return proven(new PureEngine(pure ? null : nativeFailure));
    } catch (LinkageError | RuntimeException e) {
      throw new IOException(
          "the codec zstd cannot run on this machine. Native library: "
              + nativeFailure
              + ". Pure Java: "
              + e
              + ". Choose another codec to write; to read artefacts of zstd, run where one works ("
              + remedy(e)
              + ")",
          e);
    }
  }

  /** What the pure-Java engine lacks. */
  private static String remedy(Throwable failure) {
    return failure instanceof NoClassDefFoundError
        ? "pure Java needs the jar of aircompressor; on the module path it needs --add-modules"
            + " aircompressor as well, and a runtime image of jlink cannot hold it"
        : "on newer JDKs pure Java needs --sun-misc-unsafe-memory-access=allow";
  }

  /**
   * The engine, once it has packed and unpacked something: loading alone does not show it works.
   */
  private static ZstdEngine proven(ZstdEngine engine) {
    byte[] sample = new byte[1000];
    Arrays.fill(sample, 100, 900, (byte) 7);
    byte[] packed = new byte[ZstdCodec.bound(sample.length)];
    byte[] restored = new byte[sample.length];
    int length = engine.compress(sample, 0, sample.length, packed, 0, packed.length);
    int restoredLength = engine.decompress(packed, 0, length, restored, 0, restored.length);
    if (restoredLength != sample.length || !Arrays.equals(sample, restored)) {
      throw new IllegalStateException(engine.description() + " does not restore what it wrote");
    }
    return engine;
  }
}
