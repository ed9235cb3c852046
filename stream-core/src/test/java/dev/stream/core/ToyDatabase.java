package dev.stream.core;

import dev.stream.api.database.Continuity;
import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.DatabaseInfo;
import dev.stream.api.database.PageFlush;
import dev.stream.api.database.PageFlushObserver;
import dev.stream.api.database.PageFrame;
import dev.stream.api.database.PagedDatabase;
import dev.stream.api.database.PagedDatabaseProvider;
import dev.stream.api.database.ResumePosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A database file that is rewritten as a whole by every commit. */
final class ToyDatabase implements PagedDatabase {

  static final int PAGE = 512;

  private final Path file;
  private final Random random = new Random(1);
  private byte[] bytes;
  private long txId;
  private @Nullable PageFlushObserver observer;
  volatile boolean closed;

  private ToyDatabase(Path file) throws IOException {
    this.file = file;
    this.bytes = Files.readAllBytes(file);
  }

  /** The configuration. */
  public record Config(Path path) {}

  /** Opens toys. */
  static final class Provider implements PagedDatabaseProvider<Config> {

    /** The one opened last. */
    volatile @Nullable ToyDatabase last;

    @Override
    public String type() {
      return "toy";
    }

    @Override
    public Class<Config> configType() {
      return Config.class;
    }

    @Override
    public Path path(Config config) {
      return config.path();
    }

    @Override
    public PagedDatabase open(Config config) throws IOException {
      if (Files.notExists(config.path())) {
        throw new IOException("the toy " + config.path() + " is missing");
      }
      ToyDatabase opened = new ToyDatabase(config.path());
      last = opened;
      return opened;
    }

    @Override
    public List<Path> companions(Path file) {
      return List.of(file.resolveSibling(file.getFileName() + "-log"));
    }

    @Override
    public void check(Path file, boolean thorough) {}
  }

  /** A configuration with a replica in a folder. */
  static dev.stream.core.config.StreamConfig config(Path folder, Path replica) throws IOException {
    return dev.stream.core.config.StreamConfig.builder()
        .plugins(
            dev.stream.core.plugin.PluginRegistry.of(
                List.of(new dev.stream.core.codec.NoneCodecProvider())))
        .database(new Provider(), new Config(folder.resolve("app.toy")))
        .shadowDir(folder.resolve("shadow"))
        .compression("none")
        .replica("r0", new FolderProvider(), new Config(replica))
        .build();
  }

  /** A replica in a folder, never opened. */
  static final class FolderProvider implements dev.stream.api.replica.ReplicaProvider<Config> {

    @Override
    public String type() {
      return "folder";
    }

    @Override
    public Class<Config> configType() {
      return Config.class;
    }

    @Override
    public dev.stream.api.replica.Replica open(Config config) {
      throw new IllegalStateException("not to be opened");
    }
  }

  static void create(Path file) throws IOException {
    Files.write(file, new byte[3 * PAGE]);
  }

  /** Commits a random change of all pages, of which there may be more or fewer then. */
  synchronized void commit() throws IOException {
    byte[] next = new byte[(1 + random.nextInt(20)) * PAGE];
    random.nextBytes(next);
    commit(next);
  }

  /** Commits a change of all pages. */
  synchronized void commit(byte[] next) throws IOException {
    Files.write(file, next);
    bytes = next;
    txId++;
    if (observer != null) {
      observer.onPageFlush(
          new PageFlush(
              txId,
              txId,
              PAGE,
              next.length / PAGE,
              "p" + txId,
              consumer -> {
                if (next.length > 0) {
                  consumer.accept(new PageFrame(1, next.length / PAGE - 1, ByteBuffer.wrap(next)));
                }
              }));
    }
  }

  @Override
  public DatabaseInfo info() {
    return new DatabaseInfo("toy", file, "toy 1");
  }

  @Override
  public synchronized void start(@Nullable ResumePosition resume, PageFlushObserver target)
      throws IOException {
    observer = target;
    txId = resume == null ? 0 : resume.txId() + 1;
    target.onBase(snapshot(), Continuity.lost("toys remember nothing"));
  }

  @Override
  public synchronized DatabaseImage snapshot() {
    return new ByteImage(txId, PAGE, bytes);
  }

  @Override
  public void sync() {}

  @Override
  public synchronized void close() {
    closed = true;
    observer = null;
  }
}
