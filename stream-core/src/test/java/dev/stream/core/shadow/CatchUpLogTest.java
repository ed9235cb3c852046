package dev.stream.core.shadow;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.codec.CodecSettings;
import dev.stream.api.database.PageFlush;
import dev.stream.api.database.PageFrame;
import dev.stream.core.artefact.ArtefactHeader;
import dev.stream.core.artefact.ArtefactReader;
import dev.stream.core.artefact.ByteRangeSource;
import dev.stream.core.artefact.CatchUpMark;
import dev.stream.core.codec.NoneCodecProvider;
import dev.stream.core.shadow.ShadowRecovery.Recovered;
import dev.stream.core.state.GenerationId;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a killed process leaves of a catch-up says that it is one. */
final class CatchUpLogTest {

  private static final int PAGE = 512;
  private static final GenerationId GENERATION = new GenerationId("0000000000000001-00000000");
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:09Z");

  private final ArtefactEncoding encoding =
      new ArtefactEncoding(
          new NoneCodecProvider().create(CodecSettings.DEFAULTS),
          CodecSettings.DEFAULTS,
          "test",
          "writer",
          Runnable::run,
          Clock.systemUTC());
  @TempDir Path folder;
  private ShadowDirectory directory;

  CatchUpLogTest() throws Exception {}

  @BeforeEach
  void openDirectory() throws Exception {
    directory = ShadowDirectory.open(folder);
  }

  @AfterEach
  void closeDirectory() throws Exception {
    directory.close();
  }

  private Path written(Doubt doubt) throws Exception {
    DatabaseState state = DatabaseState.of(7, 0, PAGE, 0, "p7");
    try (ActiveLog log = directory.createLog(GENERATION, state, doubt, false)) {
      byte[] bytes = new byte[PAGE];
      bytes[3] = 1;
      log.append(
          new PageFlush(
              8,
              12,
              PAGE,
              2,
              "p12",
              frames -> frames.accept(new PageFrame(2, 0, ByteBuffer.wrap(bytes)))),
          new PageHashTable(),
          NOW);
      return log.file();
    }
  }

  private List<ArtefactHeader> recovered() throws Exception {
    Recovered found = ShadowRecovery.recover(directory, name -> encoding.codec(), false);
    SegmentSealer sealer = new SegmentSealer(directory, encoding, found.clocks());
    List<ArtefactHeader> headers = new ArrayList<>();
    for (ClosedLog log : found.logs()) {
      List<SealedArtefact> sealed = new ArrayList<>();
      sealer.seal(
          log, log.parentTxId(), new ConcurrentSkipListSet<>(), (one, after) -> sealed.add(one));
      for (SealedArtefact one : sealed) {
        try (ArtefactReader reader =
            ArtefactReader.open(
                ByteRangeSource.ofFile(directory.path(one.key())),
                one.key().value(),
                name -> encoding.codec())) {
          headers.add(reader.header());
        }
      }
    }
    return headers;
  }

  @Test
  void itsSegmentSaysWhyAndSinceWhen() throws Exception {
    Instant since = NOW.minusNanos(1_234_567_891);
    Path log = written(new Doubt("somebody restarted the log: „ä“ 🙂", since));
    assertThat(log).exists();
    ArtefactHeader header = recovered().get(0);
    assertThat(header.txId()).isEqualTo(12);
    assertThat(header.catchUp())
        .isEqualTo(
            new CatchUpMark(
                "somebody restarted the log: „ä“ 🙂",
                Instant.parse("2026-01-01T00:00:07.765432Z"),
                8,
                12,
                1));
  }

  @Test
  void anOrdinaryOneSaysNothing() throws Exception {
    Path log = written(null);
    assertThat(Files.readAllBytes(log)).startsWith("STRMLOG3".getBytes(US_ASCII));
    assertThat(recovered().get(0).catchUp()).isNull();
  }

  @Test
  void aReasonWithoutEndIsCut() throws Exception {
    written(new Doubt("é".repeat(100_000), NOW));
    assertThat(recovered().get(0).catchUp().reason()).isEqualTo("é".repeat(2000));
  }

  @Test
  void aHeaderThatIsDamagedAnywhereIsNoLog() throws Exception {
    Path log = written(new Doubt("why", NOW));
    byte[] whole = Files.readAllBytes(log);
    int header = 8 + 2 + 25 + 8 + 1 + 8 + 4 + 8 + 8 + 4 + 3 + 4;
    for (int at = 0; at < header; at++) {
      Files.write(log, whole);
      try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
        file.seek(at);
        file.write(whole[at] ^ 0x55);
      }
      assertThat(recovered()).as("byte %d", at).isEmpty();
    }
    Files.write(log, whole);
    assertThat(recovered()).hasSize(1);
  }
}
