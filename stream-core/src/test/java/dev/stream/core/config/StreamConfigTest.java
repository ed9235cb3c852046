package dev.stream.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.core.config.SamplePlugins.Colour;
import dev.stream.core.config.SamplePlugins.EverySettings;
import dev.stream.core.config.SamplePlugins.FileSettings;
import dev.stream.core.config.SamplePlugins.Inner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StreamConfigTest {

  private static final Map<String, String> ENV =
      Map.of("HOME", "/home/ada", "PORT", "2022", "NO_NUMBER", "topsecret", "ON", "true");

  static final String MINIMAL =
      """
      {"database": {"type": "sqlite", "path": "app.db"}, "shadowDir": "shadow",
       "replicas": [{"type": "file", "path": "/backups"}]}
      """;

  private static StreamConfig parse(String json) throws ConfigException {
    return StreamConfig.parse(json, SamplePlugins.registry(), ENV);
  }

  /** The minimal document with a further member, in single quotes for legibility. */
  private static String with(String member) {
    return MINIMAL.stripTrailing().replaceFirst("}$", "") + ", " + member.replace('\'', '"') + "}";
  }

  private static String replica(String members) {
    return MINIMAL.replace(
        "{\"type\": \"file\", \"path\": \"/backups\"}", members.replace('\'', '"'));
  }

  @Test
  void defaultsFillWhatIsNotSaid() throws Exception {
    StreamConfig config = parse(MINIMAL);
    assertThat(config.requireDatabase().type()).isEqualTo("sqlite");
    assertThat(config.requireDatabase().path()).isEqualTo(Path.of("app.db"));
    assertThat(config.shadowDir()).isEqualTo(Path.of("shadow"));
    assertThat(config.snapshotInterval()).isNull();
    assertThat(config.describe()).containsEntry("snapshotInterval", "when one pays");
    assertThat(config.syncInterval()).isEqualTo(Duration.ofSeconds(1));
    assertThat(config.compression().codec()).isEqualTo("zstd");
    assertThat(config.compression().settings().level()).isNull();
    assertThat(config.retention().snapshotRetention()).isEqualTo(Duration.ofHours(24));
    assertThat(config.retention().checkInterval()).isEqualTo(Duration.ofHours(1));
    assertThat(config.retention().segmentRetention())
        .containsExactly(Duration.ofHours(1), Duration.ofHours(24), Duration.ofDays(7));
    assertThat(config.dataLossWindowThreshold()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.retention().snapshotInterval()).isNull();
    assertThat(config.restore()).isEqualTo(new RestoreConfig(false, null, null));
    assertThat(config.describe())
        .containsEntry("restore", Map.of("enabled", false, "onUnreachable", "fail"));
    assertThat(config.shadowSync()).isFalse();
    assertThat(config.shadowLimit()).isEqualTo(8L << 30);
    assertThat(config.segmentLimit()).isEqualTo(64L << 20);
    assertThat(config.closeTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.replicas()).singleElement().returns("file", ReplicaConfig::name);
    assertThat(config.replicas().get(0).config()).isEqualTo(new FileSettings(Path.of("/backups")));
  }

  @Test
  void everyKeyIsRead() throws Exception {
    StreamConfig config =
        parse(
            with(
                "'snapshotInterval': '1h', 'syncInterval': '250ms', 'shadowSync': true,"
                    + "'compression': {'codec': 'none', 'level': 6, 'window': 20},"
                    + "'retention': {'snapshotRetention': '2d', 'segmentRetention': ['5m', '5m'],"
                    + " 'snapshotInterval': '6h'},"
                    + " 'restore': {'enabled': true, 'targetPath': '${HOME}/x', 'tempDir': 't', 'onUnreachable': 'start'},"
                    + "'dataLossWindowThreshold': 'PT1M', 'shadowLimit': '4GiB',"
                    + "'segmentLimit': 1048576, 'closeTimeout': '5s', 'exec': 'app --password ${HOME}'"));
    assertThat(config.snapshotInterval()).isEqualTo(Duration.ofHours(1));
    assertThat(config.syncInterval()).isEqualTo(Duration.ofMillis(250));
    assertThat(config.shadowSync()).isTrue();
    assertThat(config.compression().codec()).isEqualTo("none");
    assertThat(config.compression().settings().level()).isEqualTo(6);
    assertThat(config.compression().settings().window()).isEqualTo(20);
    assertThat(config.retention().snapshotRetention()).isEqualTo(Duration.ofDays(2));
    assertThat(config.retention().segmentRetention())
        .containsExactly(Duration.ofMinutes(5), Duration.ofMinutes(5));
    assertThat(config.retention().checkInterval()).isEqualTo(Duration.ofHours(1));
    assertThat(config.retention().snapshotInterval()).isEqualTo(Duration.ofHours(6));
    assertThat(config.restore())
        .isEqualTo(
            new RestoreConfig(true, Path.of("/home/ada/x"), Path.of("t"), OnUnreachable.START));
    assertThat(config.describe())
        .containsEntry(
            "restore",
            Map.of(
                "enabled",
                true,
                "targetPath",
                "/home/ada/x",
                "tempDir",
                "t",
                "onUnreachable",
                "start"));
    assertThat(config.dataLossWindowThreshold()).isEqualTo(Duration.ofMinutes(1));
    assertThat(config.shadowLimit()).isEqualTo(4L << 30);
    assertThat(config.segmentLimit()).isEqualTo(1L << 20);
    assertThat(config.closeTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.exec()).isEqualTo("app --password /home/ada");
    assertThat(config.describe()).containsEntry("exec", "a command");
  }

  @Test
  void theCodecsNameAloneIsCompression() throws Exception {
    assertThat(parse(with("'compression': 'none'")).compression().codec()).isEqualTo("none");
  }

  @Test
  void compactionIsOnWithLevelsThatAreWiderThanASegment() throws Exception {
    assertThat(parse(MINIMAL).compaction()).isEqualTo(CompactionConfig.DEFAULTS);
    assertThat(parse(with("'compaction': {}")).compaction()).isEqualTo(CompactionConfig.DEFAULTS);
    assertThat(parse(with("'syncInterval': '1m'")).compaction().levels())
        .containsExactly(Duration.ofMinutes(5), Duration.ofHours(1), Duration.ofDays(1));
    assertThat(parse(with("'snapshotInterval': '5m'")).compaction().levels())
        .containsExactly(Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofHours(1));
    assertThat(parse(with("'compaction': {'levels': ['1m', '2h']}")).compaction().levels())
        .containsExactly(Duration.ofMinutes(1), Duration.ofHours(2));
  }

  @Test
  void compactionIsSwitchedOffByItsNameOrAnEmptyList() throws Exception {
    for (String none : List.of("'none'", "[]", "{'levels': []}")) {
      StreamConfig config = parse(with("'compaction': " + none));
      assertThat(config.compaction()).isEqualTo(CompactionConfig.NONE);
      assertThat(config.describe()).containsEntry("compaction", "none");
    }
  }

  @Test
  void aLevelThatTheCodecRefusesIsAConfigurationError() throws Exception {
    assertThatThrownBy(() -> parse(with("'compression': {'level': 99}")))
        .isInstanceOf(ConfigException.class)
        .hasMessage("compression.level: must be at most 22");
  }

  @Test
  void everySupportedTypeIsBound() throws Exception {
    StreamConfig config =
        parse(
            replica(
                "{'type': 'every', 'text': '${HOME}/$${x}/$', 'whole': '${PORT}', 'big':"
                    + " 9223372036854775807,'flag': '${ON}', 'boxed': -1, 'pause': '0s', 'path':"
                    + " '${HOME}/x', 'absent': null,'since': '2026-01-31T12:00:00Z', 'colour':"
                    + " 'light-blue', 'names': ['a', 'b'],'numbers': {'z': 1, 'a': 2}, 'inner':"
                    + " {'user': 'u'},'more': [{'user': 'v', 'port': 7}]}"));
    assertThat(config.replicas().get(0).config())
        .isEqualTo(
            new EverySettings(
                "/home/ada/${x}/$",
                2022,
                Long.MAX_VALUE,
                true,
                -1,
                null,
                null,
                Duration.ZERO,
                Path.of("/home/ada/x"),
                Instant.parse("2026-01-31T12:00:00Z"),
                Colour.LIGHT_BLUE,
                List.of("a", "b"),
                Map.of("z", 1, "a", 2),
                Optional.empty(),
                new Inner("u", null),
                List.of(new Inner("v", 7))));
  }

  @Test
  void replicasWithoutANameGetTheirTypeAndANumber() throws Exception {
    StreamConfig config =
        parse(
            replica(
                "{'type': 'file', 'path': 'a'}, {'type': 'file', 'path': 'b', 'name':"
                    + " 'file-2'},{'type': 'file', 'path': 'c'}, {'type': 'file', 'path': 'd',"
                    + " 'name': 'near'}"));
    assertThat(config.replicas())
        .extracting(ReplicaConfig::name)
        .containsExactly("file", "file-2", "file-3", "near");
    assertThat(config.replica("near").config()).isEqualTo(new FileSettings(Path.of("d")));
    assertThatThrownBy(() -> config.replica("nera"))
        .hasMessage(
            "replicas: none has the name \"nera\"; did you mean \"near\"?"
                + " Valid: file, file-2, file-3, near");
  }

  @Test
  void allProblemsAreToldAtOnce() {
    assertThatThrownBy(
            () ->
                parse(
                    "{'shadowDri': 'x', 'replicas': [{'type': 's4'}, {'type': 's3'}]}"
                        .replace('\'', '"')))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.problems())
                    .extracting(ConfigProblem::path)
                    .containsExactlyInAnyOrder(
                        "database",
                        "shadowDri",
                        "shadowDir",
                        "replicas[0].type",
                        "replicas[1].bucket"))
        .hasMessageContaining("5 problems\n  database: is missing\n");
  }

  @Test
  void aFileIsReadAndNamedInErrors(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("stream.json");
    Files.writeString(file, "\uFEFF" + MINIMAL);
    assertThat(StreamConfig.read(file, SamplePlugins.registry()).replicas()).hasSize(1);
    Files.writeString(file, with("'x': 1"));
    assertThatThrownBy(() -> StreamConfig.read(file, SamplePlugins.registry()))
        .hasMessageStartingWith(file + ": x: is not a known key; valid: database, shadowDir,");
    Files.write(file, new byte[] {'{', (byte) 0xff, '}'});
    assertThatThrownBy(() -> StreamConfig.read(file, SamplePlugins.registry()))
        .hasMessage(file + ": is not text in UTF-8");
    Files.write(file, new byte[(1 << 20) + 1]);
    assertThatThrownBy(() -> StreamConfig.read(file, SamplePlugins.registry()))
        .hasMessage(file + ": is larger than 1 MiB, and so no configuration file");
    Files.delete(file);
    assertThatThrownBy(() -> StreamConfig.read(file, SamplePlugins.registry()))
        .isInstanceOf(ConfigException.class)
        .hasMessage(file + ": does not exist");
    assertThatThrownBy(() -> StreamConfig.read(folder, SamplePlugins.registry()))
        .hasMessage(folder + ": is a folder, not a configuration file");
  }

  @Test
  void aCodecThatIsMissingByDefaultSaysWhyItIsWanted() throws Exception {
    assertThatThrownBy(
            () ->
                StreamConfig.parse(
                    MINIMAL,
                    dev.stream.core.plugin.PluginRegistry.of(
                        List.of(
                            new SamplePlugins.Sqlite(),
                            new SamplePlugins.Compressor("none"),
                            new SamplePlugins.Store<>("file", FileSettings.class))),
                    ENV))
        .hasMessage(
            "compression: is not set, which means \"zstd\", but there is no codec \"zstd\";"
                + " available: none; add the artifact"
                + " dev.stream:stream-codec-zstd (its jar)");
  }
}
