package dev.stream.core.config;

import dev.stream.api.codec.Codec;
import dev.stream.api.codec.CodecProvider;
import dev.stream.api.codec.CodecSettings;
import dev.stream.api.config.Secret;
import dev.stream.api.database.PagedDatabase;
import dev.stream.api.database.PagedDatabaseProvider;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaProvider;
import dev.stream.core.plugin.PluginException;
import dev.stream.core.plugin.PluginRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Plug-ins whose configuration records have every shape there is; they open nothing. */
public final class SamplePlugins {

  private SamplePlugins() {}

  static PluginRegistry registry() {
    try {
      return PluginRegistry.of(
          List.of(
              new Store<>("file", FileSettings.class),
              new Store<>("s3", BucketSettings.class),
              new Store<>("every", EverySettings.class),
              new Store<>("picky", PickySettings.class),
              new Compressor("zstd"),
              new Compressor("none"),
              new Sqlite()));
    } catch (PluginException e) {
      throw new AssertionError(e);
    }
  }

  /** A required path. */
  public record FileSettings(Path path) {}

  /** Secrets, and a constructor that refuses. */
  public record BucketSettings(
      String bucket,
      @Nullable String region,
      @Nullable String endpoint,
      @Nullable @Secret String secretKey,
      @Nullable @Secret Map<String, String> headers) {

    /** Refuses some values, one of them carelessly. */
    public BucketSettings {
      if (bucket.isEmpty()) {
        throw new IllegalArgumentException("bucket must not be empty");
      }
      if (secretKey != null && secretKey.startsWith("bad")) {
        throw new IllegalArgumentException("secretKey: " + secretKey + " is too weak");
      }
      if ("nowhere".equals(region)) {
        throw new IllegalStateException("for " + endpoint + " and " + secretKey);
      }
    }
  }

  /** Two words. */
  public enum Colour {
    LIGHT_BLUE,
    RED
  }

  /** A record in a record. */
  public record Inner(String user, @Nullable Integer port) {}

  /** Every supported type. */
  public record EverySettings(
      String text,
      int whole,
      long big,
      boolean flag,
      Integer boxed,
      @Nullable Long absent,
      @Nullable Boolean unset,
      Duration pause,
      Path path,
      Instant since,
      Colour colour,
      List<String> names,
      Map<String, Integer> numbers,
      Optional<String> maybe,
      Inner inner,
      List<Inner> more) {}

  /** A type that a configuration cannot hold. */
  public record PickySettings(@Nullable Thread thread) {}

  /** A database file. */
  public record SqliteSettings(Path path) {}

  record Store<C>(String type, Class<C> configType) implements ReplicaProvider<C> {
    @Override
    public Replica open(C config) throws IOException {
      throw new IOException("not for opening");
    }
  }

  record Compressor(String name) implements CodecProvider {
    @Override
    public Codec create(CodecSettings settings) throws IOException {
      Integer level = settings.level();
      if (level != null && level > 22) {
        throw new IllegalArgumentException("level must be at most 22");
      }
      throw new IOException("not for opening");
    }
  }

  static final class Sqlite implements PagedDatabaseProvider<SqliteSettings> {
    @Override
    public String type() {
      return "sqlite";
    }

    @Override
    public Class<SqliteSettings> configType() {
      return SqliteSettings.class;
    }

    @Override
    public Path path(SqliteSettings config) {
      return config.path();
    }

    @Override
    public PagedDatabase open(SqliteSettings config) throws IOException {
      throw new IOException("not for opening");
    }

    @Override
    public List<Path> companions(Path file) {
      return List.of();
    }

    @Override
    public void check(Path file, boolean thorough) {}
  }
}
