package dev.stream.replica.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.config.Secret;
import dev.stream.api.replica.ReplicaProvider;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class S3ReplicaConfigTest {

  /** A configuration with these keys, and the bucket {@code bkt} unless one of them is it. */
  static S3ReplicaConfig config(Map<String, Object> keys) {
    Map<String, Object> all = new HashMap<>(Map.of("bucket", "bkt"));
    all.putAll(keys);
    return new S3ReplicaConfig(
        (String) all.get("endpoint"),
        (String) all.get("region"),
        (String) all.get("bucket"),
        (String) all.get("prefix"),
        (String) all.get("accessKey"),
        (String) all.get("secretKey"),
        (String) all.get("sessionToken"),
        (Boolean) all.get("insecure"),
        (Boolean) all.get("forcePathStyle"),
        null,
        (String) all.get("serverSideEncryption"),
        (String) all.get("kmsKeyId"),
        (String) all.get("storageClass"),
        (Long) all.get("partSize"),
        (Duration) all.get("timeout"));
  }

  @ParameterizedTest
  @CsvSource({
    "bucket, ''",
    "bucket, a",
    "bucket, my-bucket/folder",
    "bucket, s3://my-bucket",
    "bucket, -bad-",
    "endpoint, ftp://host",
    "endpoint, ''",
    "endpoint, host/path",
    "endpoint, https://user:pass@host",
    "endpoint, https://host?query",
    "endpoint, 'two words'",
    "region, eu west",
    "prefix, a//b",
    "prefix, ../a",
    "prefix, ä",
    "prefix, /",
    "accessKey, ' '",
    "serverSideEncryption, aes",
    "kmsKeyId, key",
    "storageClass, 'a b'",
  })
  void aWrongValueIsRefusedWithItsKeyFirst(String key, String value) {
    assertThatThrownBy(() -> config(Map.of(key, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(key + " ");
  }

  @Test
  void aMissingBucketIsRefused() {
    assertThatThrownBy(() -> S3ReplicaConfig.ofBucket(null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("bucket ");
  }

  @Test
  void keysBelongTogether() {
    assertThatThrownBy(() -> config(Map.of("accessKey", "a"))).hasMessageStartingWith("secretKey ");
    assertThatThrownBy(() -> config(Map.of("secretKey", "very-secret")))
        .hasMessageStartingWith("accessKey ")
        .hasMessageNotContaining("very-secret");
    assertThatThrownBy(() -> config(Map.of("sessionToken", "t")))
        .hasMessageStartingWith("sessionToken ");
    assertThatThrownBy(() -> config(Map.of("insecure", true))).hasMessageStartingWith("insecure ");
    assertThatThrownBy(() -> config(Map.of("insecure", true, "endpoint", "https://host")))
        .hasMessageStartingWith("insecure ");
    assertThatThrownBy(() -> config(Map.of("kmsKeyId", "key", "serverSideEncryption", "AES256")))
        .hasMessageStartingWith("kmsKeyId ");
  }

  @Test
  void sizesAndTimesHaveBounds() {
    for (long size : new long[] {-1, 0, (5L << 20) - 1, (5L << 30) + 1}) {
      assertThatThrownBy(() -> config(Map.of("partSize", size)))
          .hasMessageStartingWith("partSize ");
    }
    for (Duration time : new Duration[] {Duration.ZERO, Duration.ofHours(2)}) {
      assertThatThrownBy(() -> config(Map.of("timeout", time))).hasMessageStartingWith("timeout ");
    }
    assertThatCode(() -> config(Map.of("partSize", 5L << 20, "timeout", Duration.ofSeconds(1))))
        .doesNotThrowAnyException();
  }

  @Test
  void secretsAreMarkedAndNotShown() {
    S3ReplicaConfig config =
        config(Map.of("accessKey", "id", "secretKey", "hush", "sessionToken", "hush-too"));
    assertThat(config.toString()).doesNotContain("hush");
    assertThat(
            Arrays.stream(S3ReplicaConfig.class.getRecordComponents())
                .filter(each -> each.isAnnotationPresent(Secret.class))
                .map(each -> each.getName()))
        .containsExactly("secretKey", "sessionToken");
  }

  @Test
  void theProviderIsDeclaredForBothPaths() throws Exception {
    String service = ReplicaProvider.class.getName();
    String provider = S3ReplicaProvider.class.getName();
    try (InputStream in =
        S3ReplicaProvider.class.getResourceAsStream("/META-INF/services/" + service)) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8).strip()).isEqualTo(provider);
    }
    ModuleDescriptor module = S3ReplicaProvider.class.getModule().getDescriptor();
    assertThat(module).as("these tests run on the module path").isNotNull();
    assertThat(module.provides())
        .anyMatch(each -> each.service().equals(service) && each.providers().contains(provider));
  }
}
