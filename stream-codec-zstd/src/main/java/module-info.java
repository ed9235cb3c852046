/** The codec {@code zstd}. */
@SuppressWarnings("requires-automatic")
module dev.stream.codec.zstd {
  requires dev.stream.api;
  requires com.github.luben.zstd_jni;
  requires aircompressor;
  requires jdk.unsupported;
  requires static com.google.auto.service;
  requires static org.jspecify;
}
