/** The codec {@code zstd}. */
@SuppressWarnings("requires-automatic")
module dev.stream.codec.zstd {
  requires dev.stream.api;
  requires com.github.luben.zstd_jni;
  // An automatic module, which jlink takes none of: there, and on a module path that nothing else
  // brings it to (--add-modules aircompressor does), the native library works alone.
  requires static aircompressor;
  requires jdk.unsupported; // aircompressor uses sun.misc.Unsafe
  requires static com.google.auto.service;
  requires static org.jspecify;

  provides dev.stream.api.codec.CodecProvider with
      dev.stream.codec.zstd.ZstdCodecProvider;
}
