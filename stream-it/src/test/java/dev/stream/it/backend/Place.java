package dev.stream.it.backend;

import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.core.archive.ArtefactKeys;
import dev.stream.core.restore.RestoreException;
import dev.stream.core.retry.Retry;
import dev.stream.core.upload.MarkedReplica;
import dev.stream.core.verify.GenerationReport;
import dev.stream.core.verify.VerifyReport;
import dev.stream.it.Await;
import dev.stream.it.Bytes;
import dev.stream.it.Restores;
import dev.stream.it.Stores;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.TestInfo;

/** What is at a place on a server, seen by a replica of its own beside Stream's. */
final class Place implements AutoCloseable {

  private final Replica replica;
  private final Restores restores;

  Place(String type, Map<String, Object> config, Path folder) throws IOException {
    this.replica = Stores.open(type, config);
    this.restores = new Restores(replica, folder);
  }

  /** A name for the place of a test. */
  static String name(TestInfo test) {
    return test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT);
  }

  Replica replica() {
    return replica;
  }

  Restores restores() {
    return restores;
  }

  /**
   * The artefacts that are listed; asked for again if a server that has just come back is not ready
   * yet.
   */
  List<ObjectKey> keys() throws IOException {
    return Retry.brisk().call(this::listed);
  }

  /** What there is beside artefacts: which replica it is, and who writes there. */
  private static boolean isMark(ObjectKey key) {
    return key.equals(MarkedReplica.KEY) || key.value().equals("stream-line");
  }

  private List<ObjectKey> listed() throws IOException {
    List<ObjectKey> keys = new ArrayList<>();
    try (ObjectListing listing = replica.list("")) {
      while (listing.hasNext()) {
        ObjectInfo object = listing.next();
        if (ArtefactKeys.parse(object).isPresent()) {
          keys.add(object.key());
        } else if (!isMark(object.key())) {
          throw new AssertionError("no artefact: " + object);
        }
      }
    }
    return keys;
  }

  /** Asserts that each object is as it is in the shadow directory, if it still is there. */
  void assertWholeAsIn(Path shadow) throws IOException {
    for (ObjectKey key : keys()) {
      Path own = shadow.resolve(key.value());
      if (Files.exists(own)) {
        try (InputStream in = replica.open(key, 0, Long.MAX_VALUE)) {
          Bytes.assertSame(key.value(), in.readAllBytes(), Files.readAllBytes(own));
        }
      }
    }
  }

  /** Asserts that everything is sound, and that the newest state is this one. */
  void assertRestores(byte[] expected) throws IOException {
    Bytes.assertSame("the newest state", restores.newest(), expected);
    VerifyReport report = restores.verify();
    if (!report.ok()) {
      throw new AssertionError("not sound: " + report);
    }
  }

  /** Waits until the newest state is this one, and asserts that everything is sound. */
  void awaitRestores(byte[] expected) throws Exception {
    Await.until("the replica has caught up", () -> has(expected));
    assertRestores(expected);
  }

  /**
   * Waits until the newest state is this one, and asserts that all there is is sound, but for
   * stretches that it never got and that end with a snapshot.
   *
   * @return whether nothing is missing
   */
  boolean awaitNewest(byte[] expected) throws Exception {
    Await.until("the replica has caught up", () -> has(expected));
    Bytes.assertSame("the newest state", restores.newest(), expected);
    VerifyReport report = restores.verify();
    for (GenerationReport generation : report.generations()) {
      boolean gapsOnly =
          generation.problems().stream()
              .allMatch(problem -> problem.text().contains("; the next state is that of snapshot"));
      boolean proven =
          generation.provenTxId() != null && generation.provenTxId() == generation.newestTxId();
      if (generation.snapshots() > 0 && !(gapsOnly && proven)) {
        throw new AssertionError("not sound: " + report);
      }
    }
    return report.ok();
  }

  private boolean has(byte[] expected) throws IOException {
    try {
      return Arrays.equals(restores.newest(), expected);
    } catch (RestoreException e) {
      return false; // Nothing is there yet, or not all that belongs together.
    }
  }

  @Override
  public void close() throws IOException {
    replica.close();
  }
}
