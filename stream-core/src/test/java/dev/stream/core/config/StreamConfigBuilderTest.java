package dev.stream.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.codec.CodecSettings;
import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.core.config.SamplePlugins.FileSettings;
import dev.stream.core.config.SamplePlugins.SqliteSettings;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class StreamConfigBuilderTest {

  private static StreamConfigBuilder builder() {
    return StreamConfig.builder().plugins(SamplePlugins.registry());
  }

  @Test
  void codeSaysTheSameAsJson() throws Exception {
    StreamConfig built =
        builder()
            .database("sqlite", Map.of("path", Path.of("app.db")))
            .shadowDir(Path.of("shadow"))
            .replica("file", Map.of("path", "/backups"))
            .build();
    StreamConfig read =
        StreamConfig.parse(StreamConfigTest.MINIMAL, SamplePlugins.registry(), Map.of());
    assertThat(built.describe()).isEqualTo(read.describe());
  }

  @Test
  void everySetterCounts() throws Exception {
    StreamConfig config =
        builder()
            .database(new SamplePlugins.Sqlite(), new SqliteSettings(Path.of("a")))
            .shadowDir(Path.of("shadow"))
            .snapshotInterval(Duration.ofHours(1))
            .syncInterval(Duration.ofMillis(100))
            .compression("none", 3)
            .compaction(Duration.ofSeconds(1), Duration.ofMinutes(1))
            .retention(
                new RetentionConfig(
                    Duration.ofDays(1),
                    Duration.ofMinutes(1),
                    List.of(Duration.ofHours(2)),
                    Duration.ofHours(3)))
            .dataLossWindowThreshold(Duration.ofSeconds(5))
            .restore(new RestoreConfig(true, Path.of("b"), Path.of("c"), OnUnreachable.START))
            .shadowSync(true)
            .shadowLimit(1 << 30)
            .segmentLimit(1 << 20)
            .closeTimeout(Duration.ofSeconds(2))
            .exec("app ${x}")
            .http(new HttpConfig("9090", List.of("a.b")))
            .heartbeat(new HeartbeatConfig("https://secret", Duration.ofSeconds(7)))
            .replica(
                "a",
                new SamplePlugins.Store<>("file", FileSettings.class),
                new FileSettings(Path.of("${x}")))
            .replica("file", Map.of("path", "${x}", "name", "b"))
            .build();
    assertThat(config)
        .hasToString(
            "{'database':{'type':'sqlite','path':'a'},'shadowDir':'shadow','snapshotInterval':'PT1H',"
                    .replace('\'', '"')
                + ("'syncInterval':'PT0.1S','compression':{'codec':'none','level':3},"
                        + "'compaction':{'levels':['PT1S','PT1M']},"
                        + "'retention':{'snapshotRetention':'PT24H','checkInterval':'PT1M',"
                        + "'segmentRetention':['PT2H'],'snapshotInterval':'PT3H'},"
                        + "'dataLossWindowThreshold':'PT5S',"
                        + "'restore':{'enabled':true,'targetPath':'b','tempDir':'c','onUnreachable':'start'},"
                        + "'replicas':[{'type':'file','name':'a','path':'${x}'},"
                        + "{'type':'file','name':'b','path':'${x}'}],'shadowSync':true,"
                        + "'shadowLimit':1073741824,'segmentLimit':1048576,'closeTimeout':'PT2S','exec':'a command',"
                        + "'http':{'address':'9090','hosts':['a.b']},"
                        + "'heartbeat':{'url':'***','interval':'PT7S'}}")
                    .replace('\'', '"'));
  }

  @Test
  void everyKeyOfTheConfigurationHasASetter() {
    List<String> setters =
        Arrays.stream(StreamConfigBuilder.class.getMethods())
            .filter(method -> method.getReturnType() == StreamConfigBuilder.class)
            .map(Method::getName)
            .toList();
    for (RecordComponent key : StreamConfig.class.getRecordComponents()) {
      String setter = key.getName().equals("replicas") ? "replica" : key.getName();
      assertThat(setters).as("a setter for the key " + key.getName()).contains(setter);
    }
  }

  @Test
  void everyKeyOfASectionGetsThrough() throws Exception {
    RetentionConfig retention =
        new RetentionConfig(
            Duration.ofDays(2),
            Duration.ofMinutes(1),
            List.of(Duration.ofHours(2)),
            Duration.ofHours(3));
    RestoreConfig restore =
        new RestoreConfig(true, Path.of("b"), Path.of("c"), OnUnreachable.START);
    CodecSettings settings = new CodecSettings(3, 17);
    assertThat(atTheirDefaults(retention, RetentionConfig.DEFAULTS)).isEmpty();
    assertThat(atTheirDefaults(restore, RestoreConfig.DEFAULTS)).isEmpty();
    assertThat(atTheirDefaults(settings, CodecSettings.DEFAULTS)).isEmpty();
    StreamConfig config =
        builder()
            .shadowDir(Path.of("shadow"))
            .replica("mine", new EmptyReplica())
            .retention(retention)
            .restore(restore)
            .compression("none", settings)
            .waitForDatabase(true)
            .build();
    assertThat(config.retention()).isEqualTo(retention);
    assertThat(config.restore()).isEqualTo(restore);
    assertThat(config.compression().settings()).isEqualTo(settings);
    assertThat(config.waitForDatabase()).isTrue();
  }

  /** The components that a section leaves at their defaults, and so would not show to be lost. */
  private static List<String> atTheirDefaults(Record section, Record defaults) throws Exception {
    List<String> untouched = new ArrayList<>();
    for (RecordComponent component : section.getClass().getRecordComponents()) {
      Method accessor = component.getAccessor();
      if (Objects.equals(accessor.invoke(section), accessor.invoke(defaults))) {
        untouched.add(component.getName());
      }
    }
    return untouched;
  }

  @Test
  void aReadyReplicaIsHandedOut() throws Exception {
    Replica replica = new EmptyReplica();
    StreamConfig config = builder().shadowDir(Path.of("shadow")).replica("mine", replica).build();
    assertThat(config.replicas().get(0).open()).isSameAs(replica);
    assertThat(config.replicas().get(0).name()).isEqualTo("mine");
    assertThatThrownBy(config::requireDatabase).hasMessage("database: is missing");
  }

  @Test
  void whatIsMissingOrWrongIsTold() {
    assertThatThrownBy(() -> builder().shadowDir(Path.of("shadow")).build())
        .isInstanceOf(ConfigException.class)
        .hasMessage("replicas: must name at least one replica");
    assertThatThrownBy(
            () ->
                builder()
                    .replica("x", new EmptyReplica())
                    .replica("x", new EmptyReplica())
                    .shadowDir(Path.of("shadow"))
                    .build())
        .hasMessage("replicas[1].name: \"x\" is taken; give each replica its own");
    assertThatThrownBy(() -> builder().replica("a b", new EmptyReplica()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("name \"a b\" may have letters, digits, '.', '_' and '-' only");
  }

  private static final class EmptyReplica implements Replica {
    @Override
    public String name() {
      return "empty";
    }

    @Override
    public ObjectInfo put(ObjectKey key, ObjectBody body) {
      throw new UnsupportedOperationException();
    }

    @Override
    public InputStream open(ObjectKey key, long offset, long length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ObjectListing list(String prefix) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void delete(Collection<ObjectKey> keys) {}

    @Override
    public void close() {}
  }
}
