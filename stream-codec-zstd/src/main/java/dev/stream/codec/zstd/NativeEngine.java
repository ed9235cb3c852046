package dev.stream.codec.zstd;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.util.Native;
import com.github.luben.zstd.util.ZstdVersion;

/**
 * zstd-jni. Its contexts hold native memory that nothing but {@code close} frees, so they are kept
 * in pools of bounded size for the whole process, and set anew for every block.
 */
final class NativeEngine implements ZstdEngine {

  private static final Pool<ZstdCompressCtx> COMPRESSORS =
      new Pool<>(ZstdCompressCtx::new, ZstdCompressCtx::close);
  private static final Pool<ZstdDecompressCtx> DECOMPRESSORS =
      new Pool<>(ZstdDecompressCtx::new, ZstdDecompressCtx::close);

  private final ZstdSettings settings;

  NativeEngine(ZstdSettings settings) {
    Native.load();
    this.settings = settings;
  }

  @Override
  public String description() {
    String window = settings.window() == null ? "" : " window " + settings.window();
    return "zstd-jni " + ZstdVersion.VERSION + " level " + settings.level() + window;
  }

  @Override
  public int compress(
      byte[] source, int offset, int length, byte[] target, int targetOffset, int targetLength) {
    return COMPRESSORS.with(
        context -> {
          context.reset();
          context.setLevel(settings.level());
          context.setChecksum(false);
          if (settings.window() != null) {
            context.setWindowLog(settings.window());
          }
          return context.compressByteArray(
              target, targetOffset, targetLength, source, offset, length);
        });
  }

  @Override
  public int decompress(
      byte[] source, int offset, int length, byte[] target, int targetOffset, int targetLength) {
    return DECOMPRESSORS.with(
        context ->
            context.decompressByteArray(
                target, targetOffset, targetLength, source, offset, length));
  }
}
