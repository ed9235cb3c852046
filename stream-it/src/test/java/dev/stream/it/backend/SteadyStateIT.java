package dev.stream.it.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.StreamController;
import dev.stream.it.Await;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a server is asked for while nothing goes wrong, as it counts itself. */
final class SteadyStateIT {

  private static final String COMMIT = "INSERT INTO weight VALUES(randomblob(3000));";
  private static final int COMMITS = 30;

  @TempDir Path folder;

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("dev.stream.it.backend.BackendKind#remote")
  void onePutForEachSegmentAndNoListing(BackendKind kind) throws Exception {
    try (Backend backend = kind.start();
        LiveDatabase live = LiveDatabase.create(folder, 0);
        Place place = new Place(backend.type(), backend.config("steady"), folder);
        StreamController stream =
            live.replicate(live.config().replica(backend.type(), backend.config("steady")))) {
      live.settled(stream);
      // The first segment may cost more, as where a folder has to be made for it.
      live.commit(COMMIT);
      stream.sync(Await.PATIENCE);
      Await.until(
          "nothing is pending", () -> stream.status().replicas().get(0).pendingArtefacts() == 0);
      List<?> before = place.keys();
      Requests atFirst = backend.requests();
      for (int i = 0; i < COMMITS; i++) {
        live.commit(COMMIT);
        stream.sync(Await.PATIENCE);
      }
      Requests asked = backend.requests().minus(atFirst);
      int segments = place.keys().size() - before.size();
      // The source may add one of its own, to say that it goes on after a restart of the log.
      assertThat(segments).isGreaterThanOrEqualTo(COMMITS);
      assertThat(asked).isEqualTo(new Requests(segments, 0));
    }
  }
}
