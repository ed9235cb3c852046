package dev.stream.replica.file;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What these tests store and how they look at it. */
final class TestObjects {

  private TestObjects() {}

  static void put(Replica replica, String key, int size) throws IOException {
    replica.put(new ObjectKey(key), ObjectBody.of(new byte[size]));
  }

  static List<String> keys(Replica replica) throws IOException {
    List<String> keys = new ArrayList<>();
    try (ObjectListing listing = replica.list("")) {
      while (listing.hasNext()) {
        keys.add(listing.next().key().value());
      }
    }
    return keys;
  }

  static List<String> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** The failure of something that must fail as typed. */
  static ReplicaException failure(Attempt attempt) {
    try {
      attempt.run();
    } catch (ReplicaException e) {
      return e;
    } catch (Exception e) {
      throw new AssertionError("failed otherwise", e);
    }
    throw new AssertionError("did not fail");
  }

  /** Something that may fail. */
  interface Attempt {
    void run() throws Exception;
  }
}
