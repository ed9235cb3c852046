package dev.stream.core.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.replica.ReplicaProvider;
import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PluginRegistryTest {

  @TempDir private Path folder;
  private final List<URLClassLoader> loaders = new ArrayList<>();

  @AfterEach
  void closeJars() throws IOException {
    for (URLClassLoader loader : loaders) {
      loader.close();
    }
  }

  private PluginJars jars() {
    return new PluginJars(folder);
  }

  private PluginRegistry onClassPath(Path... jars) throws IOException {
    return PluginRegistry.discover(loader(jars), List.of());
  }

  private ClassLoader loader(Path... jars) throws IOException {
    URL[] urls = new URL[jars.length];
    for (int i = 0; i < jars.length; i++) {
      urls[i] = jars[i].toUri().toURL();
    }
    URLClassLoader loader = new URLClassLoader(urls, ReplicaProvider.class.getClassLoader());
    loaders.add(loader);
    return loader;
  }

  private static ModuleLayer layer(Path jar, String module) {
    ModuleLayer parent = ReplicaProvider.class.getModule().getLayer();
    Configuration resolved =
        parent.configuration().resolve(ModuleFinder.of(jar), ModuleFinder.of(), Set.of(module));
    return parent.defineModulesWithOneLoader(resolved, ReplicaProvider.class.getClassLoader());
  }

  private PluginJars moduleJar(String name, String className, String type) {
    String pack = className.substring(0, className.lastIndexOf('.'));
    return jars()
        .provider(className, type)
        .source(
            "module-info",
            "module %s { requires dev.stream.api; exports %s; provides %s with %s; }"
                .formatted(name, pack, ReplicaProvider.class.getName(), className));
  }

  private static PluginRegistry empty() throws IOException {
    return PluginRegistry.discover(ReplicaProvider.class.getClassLoader(), List.of());
  }

  @Test
  void aJarOnTheClassPathIsFoundAndListed() throws IOException {
    Path jar =
        jars()
            .provider("a.Near", "near")
            .attribute("Implementation-Version", "1.2")
            .jar("near.jar");
    PluginRegistry plugins = onClassPath(jar);
    assertThat(plugins.replica("near").getClass().getName()).isEqualTo("a.Near");
    assertThat(plugins.names(PluginKind.REPLICA)).containsExactly("near");
    assertThat(plugins.list())
        .contains(
            new PluginInfo(
                PluginKind.REPLICA, "near", null, "1.2", null, jar.toString(), "a.Near", null));
  }

  @Test
  void aModuleInALayerIsFoundAndListed() throws IOException {
    Path jar =
        moduleJar("a.near", "a.Near", "near").attribute("Implementation-Version", "7").jar("a.jar");
    PluginRegistry plugins =
        PluginRegistry.discover(
            ReplicaProvider.class.getClassLoader(), List.of(layer(jar, "a.near")));
    assertThat(plugins.list())
        .contains(
            new PluginInfo(
                PluginKind.REPLICA, "near", "a.near", "7", null, jar.toString(), "a.Near", null));
  }

  @Test
  void twoJarsForOneNameAreRefusedWithBothNamed() throws IOException {
    Path one = jars().provider("a.Near", "near").jar("one.jar");
    Path two = jars().provider("b.Close", "near").jar("two.jar");
    assertThatThrownBy(() -> onClassPath(one, two))
        .isInstanceOf(PluginException.class)
        .hasMessage(
            "two plug-ins provide the replica type \"near\": a.Near in "
                + one
                + ", and b.Close in "
                + two
                + "; remove one of the two, so that it is certain which is used");
  }

  @Test
  void twoModulesForOneNameAreRefusedWithBothNamed() throws IOException {
    Path one = moduleJar("a.near", "a.Near", "near").jar("one.jar");
    Path two = moduleJar("b.close", "b.Close", "near").jar("two.jar");
    assertThatThrownBy(
            () ->
                PluginRegistry.discover(
                    ReplicaProvider.class.getClassLoader(),
                    List.of(layer(one, "a.near"), layer(two, "b.close"))))
        .isInstanceOf(PluginException.class)
        .hasMessageContaining("a.Near in " + one + ", and b.Close in " + two);
  }

  @Test
  void oneJarSeenOnBothPathsIsNoConflict() throws IOException {
    Path jar = moduleJar("a.near", "a.Near", "near").jar("a.jar");
    Path copy = Files.copy(jar, folder.resolve("copy.jar"));
    for (Path onModulePath : List.of(jar, copy)) {
      PluginRegistry plugins =
          PluginRegistry.discover(loader(jar), List.of(layer(onModulePath, "a.near")));
      assertThat(plugins.names(PluginKind.REPLICA)).containsExactly("near");
    }
  }

  @Test
  void twoReleasesOfOnePluginAreAConflict() throws IOException {
    Path one = moduleJar("a.near", "a.Near", "near").jar("near-1.jar");
    Path two =
        moduleJar("a.near", "a.Near", "near")
            .attribute("Implementation-Version", "2")
            .jar("near-2.jar");
    assertThatThrownBy(() -> PluginRegistry.discover(loader(one), List.of(layer(two, "a.near"))))
        .isInstanceOf(PluginException.class)
        .hasMessageContaining("a.Near in " + one + ", and a.Near in " + two);
  }

  @Test
  void aBrokenProviderDoesNotSinkTheOthersAndIsNamedWhenAskedFor() throws IOException {
    Path broken =
        jars()
            .provider(
                "dev.stream.replica.s3.S3Provider",
                "s3",
                "if (true) throw new IllegalStateException(\"no luck\");")
            .jar("stream-replica-s3.jar");
    Path good = jars().provider("a.Near", "near").jar("near.jar");
    PluginRegistry plugins = onClassPath(broken, good);
    assertThat(plugins.replica("near")).isNotNull();
    assertThatThrownBy(() -> plugins.replica("s3"))
        .hasMessage(
            "replica type \"s3\" is found but broken: dev.stream.replica.s3.S3Provider in "
                + broken
                + ": IllegalStateException: no luck");
    assertThat(plugins.list())
        .filteredOn(PluginInfo::broken)
        .singleElement()
        .returns("dev.stream.replica.s3.S3Provider", PluginInfo::className)
        .returns("IllegalStateException: no luck", PluginInfo::problem);
    assertThatThrownBy(() -> plugins.replica("sftp"))
        .hasMessageStartingWith("there is no replica type \"sftp\"; available: near; add the")
        .hasMessageContaining(
            "found but broken, of unknown type: dev.stream.replica.s3.S3Provider in " + broken);
  }

  @Test
  void aClassThatIsMissingOrDoesNotLinkOrIsNoProviderIsBroken() throws IOException {
    Path missing = jars().service("x.Gone").jar("gone.jar");
    Path unlinked =
        jars()
            .source("y.Base", "package y; public class Base {}")
            .source(
                "y.Unlinked",
                """
                package y;
                import dev.stream.api.replica.*;
                public class Unlinked extends Base implements ReplicaProvider<Unlinked.S> {
                  public record S(String a) {}
                  public String type() { return "unlinked"; }
                  public Class<S> configType() { return S.class; }
                  public Replica open(S s) { return null; }
                }
                """)
            .service("y.Unlinked")
            .leaveOut("y.Base")
            .jar("unlinked.jar");
    Path none =
        jars()
            .source("z.Other", "package z; public class Other {}")
            .service("z.Other")
            .jar("none.jar");
    Path malformed = jars().service("not a class name").jar("malformed.jar");
    Path good = jars().provider("a.Near", "near").jar("near.jar");
    PluginRegistry plugins = onClassPath(missing, unlinked, none, malformed, good);
    assertThat(plugins.names(PluginKind.REPLICA)).containsExactly("near");
    assertThat(plugins.list())
        .filteredOn(PluginInfo::broken)
        .extracting(PluginInfo::problem)
        .hasSize(4)
        .anyMatch(problem -> problem.equals("Provider x.Gone not found"))
        .anyMatch(
            problem -> problem.equals("the class y.Base that it needs is missing; add its jar"))
        .anyMatch(problem -> problem.equals("z.Other not a subtype"))
        .anyMatch(problem -> problem.contains("malformed.jar"));
    assertThat(plugins.list())
        .filteredOn(info -> "z.Other".equals(info.className()))
        .singleElement()
        .returns(none.toString(), PluginInfo::location);
  }

  @Test
  void aProviderThatBreaksTheRulesIsBroken() throws IOException {
    Path shouting = jars().provider("a.Loud", "S3").jar("loud.jar");
    Path taken =
        jars()
            .source(
                "b.Taken",
                """
                package b;
                import dev.stream.api.replica.*;
                public class Taken implements ReplicaProvider<Taken.S> {
                  public record S(String name) {}
                  public String type() { return "taken"; }
                  public Class<S> configType() { return S.class; }
                  public Replica open(S s) { return null; }
                }
                """)
            .service("b.Taken")
            .jar("taken.jar");
    Path plain =
        jars()
            .source(
                "c.Plain",
                """
                package c;
                import dev.stream.api.replica.*;
                public class Plain implements ReplicaProvider<String> {
                  public String type() { return "plain"; }
                  public Class<String> configType() { return String.class; }
                  public Replica open(String s) { return null; }
                }
                """)
            .service("c.Plain")
            .jar("plain.jar");
    PluginRegistry plugins = onClassPath(shouting, taken, plain);
    assertThatThrownBy(() -> plugins.replica("s3"))
        .hasMessage(
            "replica type \"s3\" is found but broken: a.Loud in "
                + shouting
                + ": its name \"S3\" is not of the form [a-z][a-z0-9-]*");
    assertThatThrownBy(() -> plugins.replica("taken"))
        .hasMessageEndingWith(
            ": its configuration uses the key \"name\", which Stream uses itself");
    assertThatThrownBy(() -> plugins.replica("plain"))
        .hasMessageEndingWith(": its configuration type java.lang.String is not a public record");
  }

  @Test
  void aModuleThatHidesItsConfigurationIsBroken() throws IOException {
    Path jar =
        jars()
            .provider("a.Near", "near")
            .source(
                "module-info",
                "module a.near { requires dev.stream.api; provides "
                    + ReplicaProvider.class.getName()
                    + " with a.Near; }")
            .jar("a.jar");
    PluginRegistry plugins =
        PluginRegistry.discover(
            ReplicaProvider.class.getClassLoader(), List.of(layer(jar, "a.near")));
    assertThatThrownBy(() -> plugins.replica("near"))
        .hasMessage(
            "replica type \"near\" is found but broken: a.Near in "
                + jar
                + ": its module a.near must export the package a of its configuration record");
  }

  @Test
  void aPluginForNewerInterfacesIsRefusedPlainly() throws IOException {
    Path newer =
        jars().provider("a.near.New", "near").attribute("Stream-Spi-Version", "2.1").jar("new.jar");
    Path fitting =
        jars().provider("a.Fit", "fit").attribute("Stream-Spi-Version", "1.9").jar("fit.jar");
    PluginRegistry plugins = onClassPath(newer, fitting);
    assertThat(plugins.names(PluginKind.REPLICA)).containsExactly("fit");
    assertThat(plugins.list()).extracting(PluginInfo::spiVersion).contains("1.9", "2.1");
    assertThatThrownBy(() -> plugins.replica("near"))
        .hasMessage(
            "replica type \"near\" is found but broken: a.near.New in "
                + newer
                + ": it is made for version 2 of the plug-in interfaces, this Stream has version 1;"
                + " use a newer Stream or an older release of the plug-in");
  }

  @Test
  void aJarMadeOfManyWithoutMergedServicesIsNotToldToAddWhatItHas() throws Exception {
    Path shaded =
        jars()
            .source(
                "dev.stream.replica.s3.S3ReplicaProvider",
                "package dev.stream.replica.s3; public final class S3ReplicaProvider {}")
            .jar("shaded.jar");
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {shaded.toUri().toURL()}, getClass().getClassLoader())) {
      thread.setContextClassLoader(loader);
      assertThatThrownBy(() -> empty().replica("s3"))
          .hasMessageContaining("; its class dev.stream.replica.s3.S3ReplicaProvider is here")
          .hasMessageContaining("shaded.jar")
          .hasMessageContaining("no META-INF/services/dev.stream.api.replica.ReplicaProvider")
          .hasMessageNotContaining("add the artifact");
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  void anUnknownTypeSaysWhatThereIsAndWhatToAdd() throws IOException {
    PluginRegistry plugins = onClassPath(jars().provider("a.Near", "near").jar("near.jar"));
    assertThatThrownBy(() -> plugins.replica("s3"))
        .isInstanceOfSatisfying(
            PluginException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(PluginKind.REPLICA);
              assertThat(e.name()).isEqualTo("s3");
            })
        .hasMessage(
            "there is no replica type \"s3\"; available: near; add"
                + " the artifact dev.stream:stream-replica-s3 (its jar)");
    assertThatThrownBy(() -> plugins.replica("naer"))
        .hasMessage("there is no replica type \"naer\"; did you mean \"near\"? Available: near");
    assertThatThrownBy(() -> empty().database("h2"))
        .hasMessage(
            "there is no database type \"h2\"; none is available; add"
                + " the artifact dev.stream:stream-source-h2 (its jar)");
    assertThatThrownBy(() -> PluginRegistry.of(List.of("text")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
