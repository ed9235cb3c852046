package dev.stream.it.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.it.ExampleProject;
import dev.stream.it.Shipped;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whoever takes all of Stream's modules gets one version of every library, without a word of their
 * own: libraries that bring another version of what Stream uses do not bring it to them.
 */
final class ConvergenceIT {

  private static final Pattern JAR = Pattern.compile("(.+?)-(\\d.*)\\.jar");

  @TempDir static Path built;

  private static ExampleProject consumer;

  @BeforeAll
  static void link() throws Exception {
    consumer = ExampleProject.copy("library", built, Shipped.bom().keySet().toArray(String[]::new));
  }

  @AfterAll
  static void end() throws Exception {
    if (consumer != null) {
      consumer.close();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyLibraryIsThereInOneVersion(boolean withBom) throws Exception {
    Files.writeString(consumer.file("pom.xml"), pom(withBom));
    Path jars = consumer.file("target/jars-" + withBom);
    consumer.maven(
        "validate",
        "org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies",
        "-DincludeScope=runtime",
        "-DoutputDirectory=" + jars);

    Map<String, String> versions = new TreeMap<>();
    try (Stream<Path> files = Files.list(jars)) {
      for (Path file : files.toList()) {
        Matcher jar = JAR.matcher(file.getFileName().toString());
        assertThat(jar.matches()).as(file.toString()).isTrue();
        assertThat(versions.put(jar.group(1), jar.group(2))).as(file.toString()).isNull();
      }
    }
    String jackson = versions.get("jackson-databind");
    assertThat(jackson).isNotNull().isEqualTo(versions.get("jackson-core"));
    // The annotations have no patch versions.
    assertThat(jackson).startsWith(versions.get("jackson-annotations"));
    assertThat(versions.get("bcprov-jdk18on"))
        .isNotNull()
        .isEqualTo(versions.get("bcpkix-jdk18on"))
        .isEqualTo(versions.get("bcutil-jdk18on"));
  }

  private static String pom(boolean withBom) throws Exception {
    StringBuilder dependencies = new StringBuilder();
    for (Map.Entry<String, String> module : Shipped.bom().entrySet()) {
      dependencies
          .append("<dependency><groupId>dev.stream</groupId><artifactId>")
          .append(module.getKey())
          .append("</artifactId>")
          .append(withBom ? "" : "<version>" + module.getValue() + "</version>")
          .append("</dependency>\n");
    }
    String managed =
        """
        <dependencyManagement><dependencies><dependency>
          <groupId>dev.stream</groupId>
          <artifactId>stream-bom</artifactId>
          <version>${stream.version}</version>
          <type>pom</type>
          <scope>import</scope>
        </dependency></dependencies></dependencyManagement>
        """;
    return """
    <project>
      <modelVersion>4.0.0</modelVersion>
      <groupId>org.example</groupId>
      <artifactId>consumer</artifactId>
      <version>1</version>
      <packaging>pom</packaging>
      %s
      <dependencies>
      %s
      </dependencies>
      <build><plugins><plugin>
        <groupId>org.apache.maven.plugins</groupId>
        <artifactId>maven-enforcer-plugin</artifactId>
        <version>3.7.0</version>
        <executions><execution>
          <goals><goal>enforce</goal></goals>
          <configuration><rules>
            <dependencyConvergence />
            <requireUpperBoundDeps />
          </rules></configuration>
        </execution></executions>
      </plugin></plugins></build>
    </project>
    """
        .formatted(withBom ? managed : "", dependencies);
  }
}
