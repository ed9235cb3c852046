package dev.stream.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.config.Secret;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaProvider;
import dev.stream.api.replica.ReplicaUrl;
import dev.stream.api.replica.ReplicaUrls;
import dev.stream.core.plugin.PluginException;
import dev.stream.core.plugin.PluginRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A replica that is named by a URL. */
final class ReplicaUrlTest {

  private static final String SECRET = "HUSH1234567890";
  private static final Map<String, String> ENV = Map.of("PASS", SECRET, "PORT", "7", "NAME", "n");

  /** Keys of every kind that a query may set. */
  public record Settings(
      String bucket,
      @Nullable String prefix,
      @Nullable Integer port,
      @Nullable Boolean insecure,
      @Nullable Duration timeout,
      @Nullable List<String> hosts,
      @Secret @Nullable String password) {

    /** Refuses a port. */
    public Settings {
      if (port != null && port == 13) {
        throw new IllegalArgumentException("port 13 brings bad luck to " + password);
      }
    }
  }

  /** A provider whose URLs have the schemes, none if there are none. */
  private record Provider(String type, Set<String> schemes) implements ReplicaProvider<Settings> {

    @Override
    public Class<Settings> configType() {
      return Settings.class;
    }

    @Override
    public Replica open(Settings config) {
      throw new AssertionError("nobody opens it");
    }

    @Override
    public Optional<ReplicaUrls> urls() {
      return schemes.isEmpty() ? Optional.empty() : Optional.of(new Urls(schemes));
    }
  }

  private record Urls(Set<String> schemes) implements ReplicaUrls {

    @Override
    public String example() {
      return schemes.iterator().next() + "://BUCKET";
    }

    @Override
    public String credentials() {
      return "Set BUCKET_PASSWORD";
    }

    @Override
    public Map<String, String> settings(ReplicaUrl url) {
      if (url.authority().isEmpty()) {
        throw new IllegalArgumentException("bucket stands behind the slashes");
      }
      return url.path().isEmpty()
          ? Map.of("bucket", url.authority())
          : Map.of("bucket", url.authority(), "prefix", url.trimmedPath());
    }
  }

  private static PluginRegistry plugins() throws PluginException {
    return PluginRegistry.of(
        List.of(
            new Provider("bucket", Set.of("bucket")),
            new Provider("silent", Set.of()),
            new Provider("one", Set.of("both")),
            new Provider("two", Set.of("both"))));
  }

  private static ReplicaConfig read(String url) throws Exception {
    return ReplicaConfig.ofUrl(url, plugins(), ENV);
  }

  private static Settings settings(String url) throws Exception {
    return (Settings) read(url).config();
  }

  @Test
  void theAddressAndTheQueryAreReadAsAConfigurationIs() throws Exception {
    assertThat(
            settings(
                "BUCKET://my_bucket/a%20b/${NAME}/?port=5&insecure=true&timeout=5s&hosts=x&hosts=y"
                    + "&password=${PASS}"))
        .isEqualTo(
            new Settings(
                "my_bucket", "a b/n", 5, true, Duration.ofSeconds(5), List.of("x", "y"), SECRET));
    assertThat(settings("bucket://b+c?port=${PORT}&hosts=a%26b+c"))
        .isEqualTo(new Settings("b+c", null, 7, null, null, List.of("a&b+c"), null));
    assertThat(read("bucket://b").name()).isEqualTo("bucket");
  }

  @Test
  void nothingShowsASecret() throws Exception {
    assertThat(read("bucket://b?password=${PASS}&prefix=${NAME}").toString())
        .contains("***", "${NAME}")
        .doesNotContain(SECRET);
    assertThatThrownBy(() -> read("bucket://b?port=13&password=${PASS}"))
        .hasMessageContaining("the bucket:// URL: port: 13 brings bad luck")
        .hasMessageNotContaining("HUSH");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bucket://u:" + SECRET + "@b",
        "bucket://u%3a" + SECRET + "@b/x",
        "bucket://b?password=" + SECRET,
        "bucket://b?port=1&password=" + SECRET
      })
  void aWrittenSecretIsRefusedWithWhatToDoInstead(String url) {
    assertThatThrownBy(() -> read(url))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("every user of this machine can read a command line")
        .hasMessageContaining("Set BUCKET_PASSWORD")
        .hasMessageContaining("'?password=${NAME}'")
        .hasMessageContaining("--config")
        .hasMessageNotContaining("HUSH");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bucket://b?prefx=x | prefx: is not a known key; did you mean \"prefix\"?",
        "bucket://b?port=x | port: is a text; it must be a number",
        "bucket://b?timeout=x | timeout: \"x\"",
        "bucket://b?port=1&port=2 | port: is given twice",
        "bucket://b?bucket=c | bucket: is what the URL's address says",
        "bucket://b?port | not of the form key=value",
        "bucket://b?prefix=100% | write %25",
        "bucket://b?prefix=%ff | not text in UTF-8",
        "bucket://b?prefix=%00 | control character",
        "bucket://b#part | write %23",
        "bucket://b?prefix=${UNSET} | environment variable UNSET is not set",
        "bucket:///x | bucket: stands behind the slashes",
      })
  void whatIsWrongIsSaid(String url, String message) {
    assertThatThrownBy(() -> read(url))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aSchemeThatNobodyOrMoreThanOneKnowsIsRefusedWithThoseThereAre() {
    assertThatThrownBy(() -> read("buckt://b"))
        .hasMessage(
            "no plug-in knows URLs with buckt://; did you mean bucket://? There are:"
                + " both://BUCKET, bucket://BUCKET");
    assertThatThrownBy(() -> read("s3://b"))
        .hasMessageContaining("add the artifact dev.stream:stream-replica-s3")
        .hasMessageContaining("there are: both://BUCKET");
    assertThatThrownBy(() -> read("silent://b"))
        .hasMessageContaining("replicas of type \"silent\" have no URLs; use a configuration");
    assertThatThrownBy(() -> read("both://b"))
        .hasMessageContaining("could mean a replica of type one or two");
  }

  @Test
  void aFolderIsNoUrl() {
    assertThat(ReplicaConfig.isUrl("s3://b")).isTrue();
    for (String folder : List.of("backups", "/a/b", "./s3://b", "C:\\x", "a:b", "//x", "://")) {
      assertThat(ReplicaConfig.isUrl(folder)).as(folder).isFalse();
    }
  }
}
