package dev.stream.source.bolt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A program that holds transactions. Whether a state was read by what is new in it alone, a page
 * tells that both states have, and that is damaged in between: only who reads everything meets it.
 */
final class PinsTest {

  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init")
  private Path path;

  @SuppressWarnings("NullAway.Init")
  private FakeProgram program;

  @SuppressWarnings("NullAway.Init")
  private Attempts attempts;

  @SuppressWarnings("NullAway.Init")
  private BoltMeta last;

  private BitSet inUse = new BitSet();
  private long both;
  private long sound;

  @BeforeEach
  void begin() throws Exception {
    path = Fixture.written(folder);
    last = Fixture.takeBack(path);
    program = new FakeProgram(path);
    attempts = new Attempts(path, folder, new FileClone(List.of("false"), folder));
  }

  @AfterEach
  void end() throws Exception {
    attempts.close();
    program.close();
  }

  private Reading read(@Nullable BoltState known, boolean whole) throws IOException {
    Reading reading = attempts.read((file, newest) -> new Attempts.Wish(known, whole), PATIENCE);
    if (reading == null) {
      throw new AssertionError("nothing was read");
    }
    return reading;
  }

  private BoltState first() throws IOException {
    try (Reading reading = read(null, true)) {
      assertThat(reading.meta().txId()).isEqualTo(last.txId() - 1);
      inUse = reading.inUse();
      return reading.settle();
    }
  }

  /** The next transaction; of a page that it does not change the number is damaged. */
  private void commitAndDamage() throws IOException {
    Fixture.commit(path, last);
    try (BoltFile file = BoltFile.open(path)) {
      Walk walk = new Walk(file, last, (page, bytes) -> {}, false, inUse);
      walk.run();
      both = walk.met().nextSetBit(0);
    }
    sound = Fixture.longAt(path, both * Fixture.PAGE);
    Fixture.patchLong(path, both * Fixture.PAGE, 0);
  }

  private boolean readsEverything(BoltState known) throws IOException {
    try (Reading reading = read(known, false)) {
      assertThat(reading.meta()).isEqualTo(last);
      return false;
    } catch (DamagedFileException e) {
      return true;
    } finally {
      Fixture.patchLong(path, both * Fixture.PAGE, sound);
    }
  }

  @Test
  void ofAStateThatFollowsOnlyWhatIsNewIsRead() throws Exception {
    BoltState known = first();
    commitAndDamage();
    assertThat(readsEverything(known)).isFalse();
    assertThat(program.asked).containsExactly("hello 1", "pin", "held", "pin", "drop");
    assertThat(attempts.isFollowing()).isTrue();
  }

  @Test
  void whoWantsEverythingGetsEverything() throws Exception {
    BoltState known = first();
    Fixture.commit(path, last);
    try (Reading reading = read(known, true)) {
      long pages = last.highWaterMark();
      java.nio.ByteBuffer all = java.nio.ByteBuffer.allocate((int) pages * Fixture.PAGE);
      reading.read(0, all);
      assertThat(all.array()).isEqualTo(Fixture.bytes("canonical"));
    }
  }

  @Test
  void afterANewConnectionEverythingIsRead() throws Exception {
    BoltState known = first();
    program.hangUp();
    commitAndDamage();
    assertThat(readsEverything(known)).isTrue();
  }

  @Test
  void whatWasNotDeliveredIsReadAgainWithoutTheRest() throws Exception {
    BoltState known = first();
    Fixture.commit(path, last);
    List<String> expected;
    try (BoltFile file = BoltFile.open(path);
        Reading compared =
            Reading.read(file, last, Proof.still(), file.identity(), known, false, folder)) {
      expected = Fixture.frames(compared);
    }
    for (int i = 0; i < 2; i++) {
      try (Reading reading = read(known, false)) {
        assertThat(Fixture.frames(reading)).isNotEmpty().isEqualTo(expected);
      }
    }
    commitAndDamage();
    assertThat(readsEverything(known)).isFalse();
  }

  @Test
  void aStateThatIsNotTheOneDeliveredLastIsReadAsAWhole() throws Exception {
    BoltState known = first();
    Fixture.commit(path, last);
    try (Reading reading = read(known, false)) {
      assertThat(reading.settle().meta()).isEqualTo(last);
    }
    commitAndDamage();
    assertThat(readsEverything(known)).isTrue();
  }

  /** Each is an answer that a sound program does not give. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "former none",
        "former 7",
        "another number",
        "another meta",
        "sound meta of another file",
        "torn meta",
        "failed",
        "held",
        "silence"
      })
  void whatIsInDoubtIsReadAsAWhole(String what) throws Exception {
    BoltState known = first();
    program.falsify = falsehood(what);
    commitAndDamage();
    assertThat(readsEverything(known)).as(what).isTrue();
  }

  private UnaryOperator<@Nullable String> falsehood(String what) {
    return answer -> {
      if (answer == null || !answer.startsWith("pinned")) {
        return what.equals("held") ? "held 3" : answer;
      }
      String[] words = answer.split(" ", -1);
      switch (what) {
        case "former none" -> words[2] = "none";
        case "former 7" -> words[2] = "7";
        case "another number" -> words[1] = "7";
        case "another meta" -> words[3] = words[3].replaceFirst("^.{80}", "0".repeat(80));
        case "sound meta of another file" -> {
          BoltMeta other =
              new BoltMeta(
                  last.pageSize(),
                  last.flags(),
                  last.root(),
                  last.sequence() + 1,
                  last.freelist(),
                  last.highWaterMark(),
                  last.txId());
          byte[] page = new byte[BoltMeta.BYTES];
          other.firstPages().get(other.slot() * Fixture.PAGE, page);
          words[3] = java.util.HexFormat.of().formatHex(page);
        }
        case "torn meta" -> words[3] = words[3].substring(2);
        case "failed" -> {
          return "failed: database not open";
        }
        case "silence" -> {
          return null;
        }
        default -> {}
      }
      return String.join(" ", words);
    };
  }

  @Test
  void aProgramThatHasAnotherFileOpenIsNotAsked() throws Exception {
    program.falsify =
        answer -> answer != null && answer.startsWith("hello") ? "hello 1 99" : answer;
    first();
    assertThat(attempts.isFollowing()).isFalse();
    assertThat(attempts.notice()).isNull();
  }

  @Test
  void aProgramOfAnotherVersionIsSaidOnceAndDoneWithout() throws Exception {
    program.falsify = answer -> "failed: no such request in version 2";
    BoltState known = first();
    assertThat(attempts.isFollowing()).isFalse();
    assertThat(attempts.notice())
        .contains(Pin.socket(path).toString())
        .contains("does not speak version 1 of the protocol")
        .contains("streampin.go");
    commitAndDamage();
    assertThat(readsEverything(known)).isTrue();
    assertThat(attempts.notice()).isNull();
    assertThat(program.asked).as("asked once, then not for a while").containsExactly("hello 1");
  }

  @Test
  void aFileThatTakesThePlaceOfTheOtherIsReadAsAWhole() throws Exception {
    BoltState known = first();
    Path other = Files.write(folder.resolve("other.db"), Files.readAllBytes(path));
    Files.move(other, path, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    commitAndDamage();
    assertThat(readsEverything(known)).isTrue();
  }
}
