package dev.stream.core.replicate;

import dev.stream.api.codec.Codec;
import dev.stream.api.codec.CodecSettings;
import dev.stream.core.codec.NoneCodecProvider;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Codec {@code none} that fails as it is told. */
public final class ScriptedCodec implements Codec {

  private final Codec plain = new NoneCodecProvider().create(CodecSettings.DEFAULTS);

  /** What is thrown where a block is to be packed, in whatever thread that is. */
  volatile @Nullable IOException refusal;

  /** What is thrown in the thread that writes an artefact, by its name; null for nothing. */
  volatile Function<String, @Nullable Error> fault = thread -> null;

  /** How many blocks were packed. */
  public final AtomicInteger packed = new AtomicInteger();

  public ScriptedCodec() throws IOException {}

  @Override
  public String name() {
    return plain.name();
  }

  @Override
  public String description() {
    return plain.description();
  }

  @Override
  public int maxCompressedLength(int length) {
    Error thrown = fault.apply(Thread.currentThread().getName());
    if (thrown != null) {
      throw thrown;
    }
    return plain.maxCompressedLength(length);
  }

  @Override
  public int compress(byte[] source, int offset, int length, byte[] target, int at)
      throws IOException {
    packed.incrementAndGet();
    IOException thrown = refusal;
    if (thrown != null) {
      throw thrown;
    }
    return plain.compress(source, offset, length, target, at);
  }

  @Override
  public void decompress(byte[] s, int o, int l, byte[] t, int to, int tl) throws IOException {
    plain.decompress(s, o, l, t, to, tl);
  }
}
