package dev.stream.testkit.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.codec.Codec;
import dev.stream.api.codec.CodecProvider;
import dev.stream.api.codec.CodecSettings;
import dev.stream.testkit.ContractRun;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;

/** A sound codec passes, and careless ones are caught. */
final class CodecContractTest {

  @Test
  void aSoundCodecPasses() {
    assertThat(ContractRun.failures(Sound.class)).isEmpty();
  }

  @Test
  void aShortBlockTakenForWhole() {
    assertThat(ContractRun.failures(AnyLength.class))
        .containsKeys("anotherLengthThanTheBlocksIsAnError", "aTruncatedBlockIsAnError");
  }

  @Test
  void anUncheckedExceptionOnDamage() {
    assertThat(ContractRun.failures(Unchecked.class))
        .containsKeys("aTruncatedBlockIsAnError", "damageIsAnIoExceptionIfAnything");
  }

  @Test
  void offsetsThatAreIgnored() {
    assertThat(ContractRun.failures(NoOffset.class))
        .containsKeys("onlyTheNamedRangesAreReadAndWritten");
  }

  @Test
  void stateThatThreadsShare() {
    assertThat(ContractRun.failures(OneScratch.class, "severalThreadsMayShareACodec")).isNotEmpty();
  }

  static class Sound extends CodecContract {
    Codec codec() {
      return new Deflate();
    }

    @Override
    protected final CodecProvider provider() {
      return new CodecProvider() {
        @Override
        public String name() {
          return "deflate";
        }

        @Override
        public Codec create(CodecSettings settings) {
          return codec();
        }
      };
    }
  }

  static final class AnyLength extends Sound {
    @Override
    Codec codec() {
      return new Deflate() {
        @Override
        void check(boolean sound, String otherwise) {}
      };
    }
  }

  static final class Unchecked extends Sound {
    @Override
    Codec codec() {
      return new Deflate() {
        @Override
        void check(boolean sound, String otherwise) {
          if (!sound) {
            throw new IllegalStateException(otherwise);
          }
        }
      };
    }
  }

  static final class NoOffset extends Sound {
    @Override
    Codec codec() {
      return new Deflate() {
        @Override
        public int compress(byte[] source, int offset, int length, byte[] target, int at) {
          return super.compress(source, offset, length, target, 0);
        }
      };
    }
  }

  static final class OneScratch extends Sound {
    @Override
    Codec codec() {
      CyclicBarrier bothWrote = new CyclicBarrier(2);
      AtomicInteger calls = new AtomicInteger();
      return new Deflate() {
        private volatile byte[] scratch = {};

        @Override
        public int compress(byte[] source, int offset, int length, byte[] target, int at) {
          scratch = Arrays.copyOfRange(source, offset, offset + length);
          if (calls.incrementAndGet() <= 2) {
            try {
              bothWrote.await(30, TimeUnit.SECONDS);
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          }
          byte[] shared = scratch;
          return super.compress(shared, 0, shared.length, target, at);
        }
      };
    }
  }

  /** The JDK's own compression. */
  static class Deflate implements Codec {
    @Override
    public String name() {
      return "deflate";
    }

    @Override
    public String description() {
      return "deflate of the JDK";
    }

    @Override
    public int maxCompressedLength(int length) {
      return length + length / 1000 + 100;
    }

    void check(boolean sound, String otherwise) throws IOException {
      if (!sound) {
        throw new IOException(otherwise);
      }
    }

    @Override
    public int compress(byte[] source, int offset, int length, byte[] target, int at) {
      Deflater deflater = new Deflater();
      deflater.setInput(source, offset, length);
      deflater.finish();
      int written = 0;
      while (!deflater.finished() && at + written < target.length) {
        written += deflater.deflate(target, at + written, target.length - at - written);
      }
      deflater.end();
      return written;
    }

    @Override
    public void decompress(
        byte[] source, int offset, int length, byte[] target, int targetOffset, int targetLength)
        throws IOException {
      Inflater inflater = new Inflater();
      try {
        inflater.setInput(source, offset, length);
        int count = 0;
        while (true) {
          int more = inflater.inflate(target, targetOffset + count, targetLength - count);
          count += more;
          if (more == 0 || inflater.finished()) {
            break;
          }
        }
        byte[] beyond = new byte[1];
        boolean exact =
            inflater.finished() || (inflater.inflate(beyond) == 0 && inflater.finished());
        check(exact && count == targetLength, "not a block of " + targetLength + " bytes");
      } catch (DataFormatException e) {
        check(false, "damaged: " + e.getMessage());
      } finally {
        inflater.end();
      }
    }
  }
}
