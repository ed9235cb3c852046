package dev.stream.it.h2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stream.it.Tmpfs;
import dev.stream.source.h2.H2Registration;
import dev.stream.source.h2.H2Stream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Through {@code stream:}, with an observer and without, H2 answers, fails, and leaves files as it
 * does by itself.
 *
 * <p>One difference is known, in the text of some errors; see {@link Transcript#note}. H2's
 * FILE_WRITE takes no scheme of any file system, so it is given a plain path on both sides.
 */
final class H2BehaviourIT {

  private static final List<String> OBSERVED = List.of("db.mv.db", "s.mv");

  @TempDir Path folder;

  @BeforeAll
  static void install() {
    H2Stream.install();
  }

  static Stream<Scenario> scenarios() {
    return Stream.of(
            SqlScenarios.all(),
            JdbcScenarios.all(),
            OpenScenarios.all(),
            StoreScenarios.all(),
            FaultScenarios.all())
        .flatMap(List::stream);
  }

  static Stream<Scenario> onDisks() {
    return FaultScenarios.onDisks().stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("scenarios")
  void sameAsWithoutStream(Scenario scenario) throws Exception {
    List<String> plain = run(scenario, "plain", "");
    assertThat(plain).as("observations").hasSizeGreaterThan(2);
    Transcript.assertSame("unobserved", run(scenario, "unobserved", "stream:"), plain);
    Transcript.assertSame("observed", observed(scenario), plain);
    Path trace = folder.resolve("observed").resolve("db.trace.db");
    if (Files.exists(trace) && Files.notExists(folder.resolve("plain").resolve("db.trace.db"))) {
      System.out.println("only observed, H2 noted: " + Files.readString(trace));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("onDisks")
  void sameOnAFailingDisk(Scenario scenario) throws Exception {
    assumeTrue(Tmpfs.possible(), "needs root, to mount a file system");
    sameAsWithoutStream(scenario);
  }

  private List<String> observed(Scenario scenario) throws Exception {
    Path place = Files.createDirectory(folder.toRealPath().resolve("observed"));
    StoreCapture database = new StoreCapture(place.resolve(OBSERVED.get(0)));
    StoreCapture store = new StoreCapture(place.resolve(OBSERVED.get(1)));
    try (H2Registration one = H2Stream.register(database);
        H2Registration two = H2Stream.register(store)) {
      List<String> found = run(scenario, place, "stream:");
      assertThat(one.failures() + two.failures()).as("failures").isZero();
      assertThat(one.isAttached() || two.isAttached()).as("attached when all is closed").isFalse();
      return found;
    }
  }

  private List<String> run(Scenario scenario, String side, String scheme) throws Exception {
    return run(scenario, Files.createDirectory(folder.toRealPath().resolve(side)), scheme);
  }

  private static List<String> run(Scenario scenario, Path place, String scheme) throws Exception {
    Side side = new Side(place, scheme);
    scenario.body().run(side);
    side.files();
    return side.transcript().lines();
  }
}
