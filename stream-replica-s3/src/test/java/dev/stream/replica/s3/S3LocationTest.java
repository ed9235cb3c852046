package dev.stream.replica.s3;

import static dev.stream.replica.s3.S3ReplicaConfigTest.config;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class S3LocationTest {

  @ParameterizedTest
  @CsvSource({
    // endpoint, region, provider, region signed for, address of the bucket
    ", eu-west-1, AMAZON, eu-west-1, https://bkt.s3.eu-west-1.amazonaws.com/",
    ", cn-north-1, AMAZON, cn-north-1, https://bkt.s3.cn-north-1.amazonaws.com.cn/",
    ", , AMAZON, us-east-1, https://bkt.s3.us-east-1.amazonaws.com/",
    "s3.amazonaws.com, eu-west-1, AMAZON, eu-west-1, https://bkt.s3.eu-west-1.amazonaws.com/",
    "s3.us-east-2.amazonaws.com, , AMAZON, us-east-2, https://bkt.s3.us-east-2.amazonaws.com/",
    "s3.dualstack.us-east-2.amazonaws.com, , AMAZON, us-east-2,"
        + " https://bkt.s3.dualstack.us-east-2.amazonaws.com/",
    "x1.r2.cloudflarestorage.com, , CLOUDFLARE_R2, auto, https://x1.r2.cloudflarestorage.com/bkt/",
    "s3.us-west-001.backblazeb2.com, , BACKBLAZE_B2, us-west-001,"
        + " https://s3.us-west-001.backblazeb2.com/bkt/",
    "storage.googleapis.com, , GOOGLE, auto, https://storage.googleapis.com/bkt/",
    "minio:9000, , OTHER, us-east-1, https://minio:9000/bkt/",
    "http://127.0.0.1:9000, home, OTHER, home, http://127.0.0.1:9000/bkt/",
  })
  void aProviderIsKnownByItsHost(
      String endpoint, String region, KnownProvider provider, String signedFor, String address) {
    Map<String, Object> keys = new HashMap<>();
    keys.put("endpoint", endpoint);
    keys.put("region", region);
    S3Location location = S3Location.of(config(keys), Map.of());
    assertThat(location.provider()).isEqualTo(provider);
    assertThat(location.region()).isEqualTo(signedFor);
    assertThat(location.bucketUrl()).hasToString(address);
  }

  @Test
  void onlyGoogleGetsSingleDeletesAndOnlyAmazonSignedPayloads() {
    for (KnownProvider each : KnownProvider.values()) {
      assertThat(each.deletesBatches()).isEqualTo(each != KnownProvider.GOOGLE);
      assertThat(each.signsPlainPayload()).isEqualTo(each == KnownProvider.AMAZON);
    }
  }

  @Test
  void theEnvironmentTellsAmazonsRegionAndNoOther() {
    Map<String, String> environment = Map.of("AWS_REGION", "ap-south-1");
    assertThat(S3Location.of(config(Map.of()), environment).region()).isEqualTo("ap-south-1");
    assertThat(S3Location.of(config(Map.of()), Map.of("AWS_DEFAULT_REGION", "sa-east-1")).region())
        .isEqualTo("sa-east-1");
    assertThat(S3Location.of(config(Map.of("endpoint", "minio")), environment).region())
        .isEqualTo("us-east-1");
  }

  @Test
  void theStyleCanBeChosenAndDotsForceThePathWithTls() {
    assertThat(address(Map.of("endpoint", "ceph.example", "forcePathStyle", false)))
        .isEqualTo("https://bkt.ceph.example/");
    assertThat(address(Map.of("region", "us-east-1", "forcePathStyle", true)))
        .isEqualTo("https://s3.us-east-1.amazonaws.com/bkt/");
    assertThat(address(Map.of("bucket", "a.b")))
        .isEqualTo("https://s3.us-east-1.amazonaws.com/a.b/");
  }

  @Test
  void anAddressOfTheNewerKindStandsInBrackets() {
    Map<String, Object> keys = Map.of("endpoint", "http://[2001:db8::7]:9000");
    S3Location location = S3Location.of(config(keys), Map.of());
    assertThat(location.name()).isEqualTo("s3:[2001:db8::7]:9000/bkt");
    assertThat(location).hasToString("bucket bkt at http://[2001:db8::7]:9000");
  }

  private static String address(Map<String, Object> keys) {
    return S3Location.of(config(keys), Map.of()).bucketUrl().toString();
  }

  @Test
  void prefixesAreFoldersWithOrWithoutSlashes() {
    for (String prefix : new String[] {"a/b", "/a/b", "a/b/", "/a/b/"}) {
      S3Location location =
          S3Location.of(config(Map.of("endpoint", "h:81", "prefix", prefix)), Map.of());
      assertThat(location.prefix()).isEqualTo("a/b/");
      assertThat(location.name()).isEqualTo("s3:h:81/bkt/a/b");
    }
    assertThat(S3Location.of(config(Map.of()), Map.of()).prefix()).isEmpty();
  }
}
