package dev.stream.it.s3;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;

/** Stores an object with whatever keys the environment has, in a process of its own. */
final class EnvironmentKeysMain {

  private EnvironmentKeysMain() {}

  public static void main(String[] arguments) throws Exception {
    try (Replica replica =
        S3Backend.open(arguments[0], S3Backend.BUCKET, arguments[1], null, null, null)) {
      replica.put(new ObjectKey("g/a"), Body.of(new byte[10]));
      System.out.println("stored");
    } catch (ReplicaException e) {
      System.out.println(e.reason() + " " + e.getMessage());
    }
  }
}
