package dev.stream.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.config.CompactionConfig;
import dev.stream.core.config.DrillConfig;
import dev.stream.core.config.HeartbeatConfig;
import dev.stream.core.config.RestoreConfig;
import dev.stream.core.config.RetentionConfig;
import dev.stream.core.config.StreamConfig;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** There is a property, with metadata for editors, for whatever the configuration knows. */
final class StreamPropertiesTest {

  private static Set<String> names(Class<?> type) {
    return new TreeSet<>(
        Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList());
  }

  @Test
  void areTheKeysOfTheConfiguration() {
    Set<String> properties = names(StreamProperties.class);
    assertThat(properties.removeAll(Set.of("enabled", "config"))).isTrue();
    Set<String> keys = names(StreamConfig.class);
    // The command's: it runs another application, waits for it, and has a web server of its own.
    assertThat(keys.removeAll(Set.of("exec", "waitForDatabase", "http"))).isTrue();
    assertThat(properties).isEqualTo(keys);
  }

  @Test
  void areTheKeysOfItsSections() {
    assertThat(names(StreamProperties.Restore.class)).isEqualTo(names(RestoreConfig.class));
    assertThat(names(StreamProperties.Retention.class)).isEqualTo(names(RetentionConfig.class));
    assertThat(names(StreamProperties.Compaction.class)).isEqualTo(names(CompactionConfig.class));
    assertThat(names(StreamProperties.Drill.class)).isEqualTo(names(DrillConfig.class));
    assertThat(names(StreamProperties.Heartbeat.class)).isEqualTo(names(HeartbeatConfig.class));
  }

  @Test
  void haveMetadataForEditors() throws Exception {
    String metadata;
    try (var in =
        StreamProperties.class.getResourceAsStream(
            "/META-INF/spring-configuration-metadata.json")) {
      metadata = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    for (String name :
        List.of(
            "stream.config",
            "stream.shadow-dir",
            "stream.sync-interval",
            "stream.replicas",
            "stream.restore.enabled",
            "stream.restore.on-unreachable",
            "stream.drill.assert",
            "stream.retention.snapshot-retention",
            "stream.compression.level")) {
      assertThat(metadata).contains("\"name\": \"" + name + "\"");
    }
    assertThat(metadata).contains("Where the database is replicated to");
  }
}
