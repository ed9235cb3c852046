package dev.stream.core.artefact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.stream.core.artefact.ArtefactException.Problem;
import dev.stream.core.artefact.Artefacts.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ArtefactErrorsTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SQLite format 3",
        "{",
        "PK\u0003\u0004",
        "more than a footer: 0123456789012345678901234567890123456789012345678901234567890"
      })
  void anotherKindOfFileIsNotAnArtefact(String content) {
    ArtefactException failure = failure(content.getBytes(StandardCharsets.ISO_8859_1));

    assertThat(failure.problem()).isEqualTo(Problem.NOT_AN_ARTEFACT);
    assertThat(failure).hasMessageStartingWith("name: not a snapshot or segment");
  }

  @Test
  void anEmptyFileIsCutShort() {
    assertThat(failure(new byte[0]).problem()).isEqualTo(Problem.TRUNCATED);
  }

  @ParameterizedTest
  @CsvSource({"2, TOO_NEW", "2147483647, TOO_NEW", "-1, TOO_NEW", "0, TOO_OLD"})
  void anotherVersionSaysWhatToDo(int version, Problem problem) throws IOException {
    byte[] artefact = artefact();
    ArtefactFormat.putInt(artefact, 8, version);

    ArtefactException failure = failure(artefact);

    assertThat(failure.problem()).isEqualTo(problem);
    assertThat(failure)
        .hasMessageContaining("version " + Integer.toUnsignedString(version))
        .hasMessageContaining("Stream");
  }

  @Test
  void aVersionToComeIsTooNewWhateverFollows() {
    byte[] future = new byte[20];
    System.arraycopy(ArtefactFormat.magic(), 0, future, 0, 8);
    ArtefactFormat.putInt(future, 8, 7);

    assertThat(failure(future).problem()).isEqualTo(Problem.TOO_NEW);
  }

  @Test
  void aMissingCodecIsNamedWithTheArtifactToAdd() throws IOException {
    byte[] artefact =
        Artefacts.bytes(
            folder,
            Artefacts.segment(512, 0, 0, Artefacts.DEFLATE),
            new TreeMap<>(),
            Artefacts.DEFLATE);

    ArtefactException failure =
        catchThrowableOfType(
            ArtefactException.class,
            () -> ArtefactReader.open(new Bytes(artefact), "name", name -> null));

    assertThat(failure.problem()).isEqualTo(Problem.UNKNOWN_CODEC);
    assertThat(failure.artefact()).isEqualTo("name");
    assertThat(failure)
        .hasMessageContaining("\"deflate\"")
        .hasMessageContaining("cannot be read here: it is none of Stream's own")
        .hasMessageNotContaining("stream-codec-deflate");
  }

  @Test
  void aDamagedBlockIsNamedWithItsBytesAndPages() throws IOException {
    byte[] artefact = artefact();
    try (ArtefactReader reader = Artefacts.open(artefact)) {
      BlockEntry block = reader.blocks().get(0);
      artefact[(int) block.offset() + 700] ^= 1;

      assertThatThrownBy(
              () ->
                  ArtefactReader.open(new Bytes(artefact), "name", Artefacts::find)
                      .readBlock(0, new byte[1024]))
          .isInstanceOf(ArtefactException.class)
          .hasMessageContaining("name: damaged: block 0 (bytes " + block.offset() + " to ")
          .hasMessageContaining("pages 1 to 2");
    }
  }

  @Test
  void aCodecThatFailsUncheckedIsDamageToo() throws IOException {
    byte[] artefact =
        Artefacts.bytes(
            folder,
            Artefacts.segment(512, 1, 1, Artefacts.DEFLATE),
            new TreeMap<>(Map.of(1L, new byte[512])),
            Artefacts.DEFLATE);
    FaultyCodec faulty = new FaultyCodec();

    ArtefactReader reader = ArtefactReader.open(new Bytes(artefact), "name", name -> faulty);

    assertThatThrownBy(() -> reader.readBlock(0, new byte[512]))
        .isInstanceOfSatisfying(
            ArtefactException.class, e -> assertThat(e.problem()).isEqualTo(Problem.CORRUPT))
        .hasMessageContaining("faulty codec");
  }

  @Test
  void aSnapshotWhosePagesBelieItsChecksumIsRefused() throws IOException {
    byte[] artefact =
        Artefacts.bytes(
            folder,
            Artefacts.snapshot(512, 1, Artefacts.NONE),
            new TreeMap<>(Map.of(1L, new byte[512])),
            Artefacts.NONE);

    byte[] forged = Forgery.footerField(artefact, 4, 1);

    assertThatThrownBy(() -> Artefacts.read(forged))
        .isInstanceOf(ArtefactException.class)
        .hasMessageContaining("database checksum 0000000000000000 instead of 0000000000000001");
  }

  @Test
  void aFailureToReadIsNotTakenForDamage() throws IOException {
    byte[] artefact = artefact();
    IOException unavailable = new IOException("connection reset");
    AtomicInteger closed = new AtomicInteger();
    ByteRangeSource source =
        new ByteRangeSource() {
          @Override
          public long size() {
            return artefact.length;
          }

          @Override
          public byte[] read(long offset, int length) throws IOException {
            throw unavailable;
          }

          @Override
          public void close() {
            closed.incrementAndGet();
          }
        };

    assertThatThrownBy(() -> ArtefactReader.open(source, "name", Artefacts::find))
        .isSameAs(unavailable);
    assertThat(closed).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"txId\":45 -> \"txId\":41",
        "\"txId\":45 -> \"txId\":4e1",
        "\"txId\":45 -> \"txId\":99999999999999999999",
        "\"pageSize\":512 -> \"pageSize\":513",
        "\"pageSize\":512 -> \"pageSize\":1073741824",
        "\"pageSize\":512 -> \"pageSize\":256",
        "\"highWaterMark\":2 -> \"highWaterMark\":1",
        "\"highWaterMark\":2 -> \"highWaterMark\":9223372036854775807",
        "\"version\":1 -> \"version\":2",
        "\"magic\":\"stream\" -> \"magic\":\"streams\"",
        "\"kind\":\"segment\" -> \"kind\":\"sediment\"",
        "\"kind\":\"segment\" -> \"kind\":\"segment\",\"kind\":\"segment\"",
        "\"generation\":\"0000019abcdef012-89abcdef\" -> \"generation\":\"../../etc\"",
        "\"compression\":\"none\" -> \"compression\":\"../none\"",
        "\"createdAt\":\"2026 -> \"createdAt\":\"2O26",
        "\"checksum\":\"fedc -> \"checksum\":\"FEDC",
        "\"additionalAttrs\":{} -> \"additionalAttrs\":{\"a\":1}",
        "\"additionalAttrs\":{} -> \"additionalAttrs\":null",
        "{\"magic\" -> {}{\"magic\"",
      })
  void aHeaderThatMakesNoSenseIsDamaged(String change) throws IOException {
    String[] fromTo = change.split(" -> ", 2);
    Forgery intact = Forgery.of(artefact());
    String json = new String(intact.json(), StandardCharsets.UTF_8);
    assertThat(json).contains(fromTo[0]);

    byte[] forged =
        intact
            .withJson(json.replace(fromTo[0], fromTo[1]).getBytes(StandardCharsets.UTF_8))
            .encode();

    assertThat(failure(forged).problem()).isEqualTo(Problem.CORRUPT);
  }

  @Test
  void aHeaderWithFurtherKeysIsRead() throws IOException {
    Forgery intact = Forgery.of(artefact());
    String json = new String(intact.json(), StandardCharsets.UTF_8);

    byte[] extended =
        intact
            .withJson(
                json.replace("{\"magic\"", "{\"later\":[{}],\"magic\"")
                    .getBytes(StandardCharsets.UTF_8))
            .encode();

    assertThat(Artefacts.read(extended)).hasSize(2);
  }

  @Test
  void deeplyNestedJsonIsDamage() throws IOException {
    Forgery intact = Forgery.of(artefact());

    byte[] forged = intact.withJson("[".repeat(500_000).getBytes(StandardCharsets.UTF_8)).encode();

    assertThat(failure(forged).problem()).isEqualTo(Problem.CORRUPT);
  }

  private byte[] artefact() throws IOException {
    return Artefacts.bytes(
        folder,
        Artefacts.segment(512, 2, 2, Artefacts.NONE),
        Artefacts.pages(512, Artefacts.random("errors"), 1, 2),
        Artefacts.NONE);
  }

  private static ArtefactException failure(byte[] artefact) {
    return catchThrowableOfType(
        ArtefactException.class,
        () -> ArtefactReader.open(new Bytes(artefact), "name", Artefacts::find));
  }
}
