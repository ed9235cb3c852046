package dev.stream.core.follow;

import dev.stream.api.replica.Replica;
import dev.stream.core.plugin.CodecLookup;
import dev.stream.core.retry.Retry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A copy that follows a replica, a step at a time, for models of other packages. */
public final class ModelCopy {

  private final FakeCopy.Disk disk;
  private final CodecLookup codecs;
  private final LongSupplier nanoTime;
  private Follower follower;

  /** There is no copy yet. */
  public ModelCopy(
      Path path, Replica replica, CodecLookup codecs, LongSupplier nanoTime, long seed) {
    this.disk = new FakeCopy.Disk(path, new Random(seed));
    this.codecs = codecs;
    this.nanoTime = nanoTime;
    this.follower = follower(replica);
  }

  /** From here on another process follows, and this replica. */
  public void restart(Replica replica) {
    follower = follower(replica);
  }

  private Follower follower(Replica replica) {
    return Follower.builder(disk.path, codecs)
        .databases(type -> disk)
        .replica("model", () -> replica)
        .retry(Retry.none())
        .nanoTime(nanoTime)
        .build();
  }

  /** Looks once for what is new; returns what the copy is then, null while there is none. */
  public byte @Nullable [] step() throws IOException {
    var unused = follower.step();
    return disk.bytes;
  }
}
