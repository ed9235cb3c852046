package dev.stream.testkit.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.config.Secret;
import dev.stream.api.replica.ReplicaProvider;
import dev.stream.api.replica.ReplicaUrl;
import dev.stream.api.replica.ReplicaUrls;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What the URLs of every replica must do: each promise of {@link ReplicaUrls}, as a test. For
 * plug-ins that have them; a plug-in's module extends this class and supplies its provider and a
 * URL.
 */
public abstract class ReplicaUrlsContract {

  /** Something that no message may show. */
  private static final String PRIVATE = "s3cr3t-part";

  /** For subclasses. */
  protected ReplicaUrlsContract() {}

  /** The provider under test. */
  protected abstract ReplicaProvider<?> provider();

  /** The parts of a URL that names a replica, with no keys in the query. */
  protected abstract ReplicaUrl url();

  private ReplicaUrls urls() {
    return provider().urls().orElseThrow();
  }

  @Test
  void schemesAreInLowerCaseAndTheExampleHasOneOfThem() {
    assertThat(urls().schemes())
        .isNotEmpty()
        .allSatisfy(scheme -> assertThat(scheme).matches("[a-z][a-z0-9+.-]+"));
    assertThat(urls().example().split("://", 2)[0]).isIn(urls().schemes());
  }

  @Test
  void whatToDoWithSecretsIsASentenceWithoutAFullStop() {
    assertThat(urls().credentials()).matches("[A-Z].*[^.]");
  }

  @Test
  void anAddressSetsKeysOfTheConfigurationAndNoSecret() {
    assertThat(url().scheme()).isIn(urls().schemes());
    assertThat(url().keys()).isEmpty();
    List<RecordComponent> components = Arrays.asList(provider().configType().getRecordComponents());
    Set<String> open =
        components.stream()
            .filter(component -> !component.isAnnotationPresent(Secret.class))
            .map(RecordComponent::getName)
            .collect(Collectors.toSet());
    Map<String, String> settings = urls().settings(url());
    assertThat(settings).isNotEmpty();
    assertThat(open).containsAll(settings.keySet());
    assertThat(settings).doesNotContainValue(null);
  }

  @Test
  void whatIsNoAddressIsRefusedWithoutBeingQuoted() {
    String scheme = url().scheme();
    for (ReplicaUrl odd :
        List.of(
            new ReplicaUrl(scheme, null, "", "", Set.of()),
            new ReplicaUrl(scheme, null, "", "/", Set.of()),
            new ReplicaUrl(scheme, PRIVATE, "", "", Set.of()),
            new ReplicaUrl(scheme, null, "host:" + PRIVATE, "/" + PRIVATE, Set.of()),
            new ReplicaUrl(scheme, PRIVATE, "a b:" + PRIVATE, "/x", Set.of()))) {
      try {
        assertThat(urls().settings(odd)).doesNotContainKey("");
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).isNotBlank().doesNotContain(PRIVATE);
      }
    }
  }
}
