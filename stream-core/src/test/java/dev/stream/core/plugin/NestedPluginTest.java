package dev.stream.core.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.replica.ReplicaProvider;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plug-ins inside the executable jar of an application: its class loader has URLs of its own kind,
 * and not every thread's context class loader knows it.
 */
final class NestedPluginTest {

  private static final String NESTED = "nested:/app/app.jar/!BOOT-INF/lib/near.jar";

  @TempDir private Path folder;

  private PluginJars near() {
    return new PluginJars(folder)
        .provider("a.Near", "near")
        .attribute("Implementation-Version", "1.2");
  }

  /** Loads from a jar under another URL, as from an archive within an archive. */
  private static URLClassLoader loader(String url, Path jar) throws IOException {
    URLStreamHandler handler =
        new URLStreamHandler() {
          @Override
          protected URLConnection openConnection(URL opened) throws IOException {
            String entry = opened.toString().substring(url.length());
            return new URL("jar:" + jar.toUri() + "!/" + entry).openConnection();
          }
        };
    return new URLClassLoader(
        new URL[] {new URL(null, url, handler)}, ReplicaProvider.class.getClassLoader());
  }

  private static PluginInfo listed(ClassLoader loader) throws IOException {
    return PluginRegistry.discover(loader, List.of()).list().stream()
        .filter(info -> "a.Near".equals(info.className()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void isFoundAndListedWithItsPlaceAndVersions() throws IOException {
    Path jar = near().attribute("Stream-Spi-Version", "1").jar("near.jar");
    try (URLClassLoader loader = loader("jar:" + NESTED + "!/", jar)) {
      assertThat(listed(loader))
          .isEqualTo(
              new PluginInfo(PluginKind.REPLICA, "near", null, "1.2", "1", NESTED, "a.Near", null));
    }
  }

  @Test
  void isRefusedIfItIsForNewerInterfaces() throws IOException {
    Path jar = near().attribute("Stream-Spi-Version", "2").jar("near.jar");
    try (URLClassLoader loader = loader("jar:" + NESTED + "!/", jar)) {
      PluginRegistry plugins = PluginRegistry.discover(loader, List.of());
      assertThatThrownBy(() -> plugins.replica("near"))
          .hasMessageStartingWith("replica type \"near\" is found but broken: a.Near in " + NESTED)
          .hasMessageContaining("it is made for version 2");
    }
  }

  @Test
  void isListedWithItsPlaceIfItIsNoProvider() throws IOException {
    Path jar =
        near()
            .source("a.Other", "package a; public class Other {}")
            .service("a.Other")
            .jar("near.jar");
    try (URLClassLoader loader = loader("jar:" + NESTED + "!/", jar)) {
      assertThat(PluginRegistry.discover(loader, List.of()).list())
          .filteredOn(PluginInfo::broken)
          .singleElement()
          .returns("a.Other", PluginInfo::className)
          .returns(NESTED, PluginInfo::location)
          .returns("1.2", PluginInfo::version);
    }
  }

  /** Its root has a path in that file system, "/", which tells nothing. */
  @Test
  void isNamedAlsoWhileItsArchiveIsAFileSystem() throws IOException {
    Path jar = near().jar("near.jar");
    URI archive = URI.create("jar:" + jar.toUri());
    try (FileSystem opened = FileSystems.newFileSystem(archive, Map.of());
        URLClassLoader loader = loader(archive + "!/", jar)) {
      assertThat(opened.isOpen()).isTrue();
      assertThat(listed(loader)).returns(jar.toString(), PluginInfo::location);
    }
  }

  @Test
  void aContextClassLoaderThatDoesNotKnowStreamIsPassedOver() throws IOException {
    Thread thread = new Thread(() -> {});
    try (URLClassLoader child = loader("jar:" + NESTED + "!/", near().jar("near.jar"))) {
      thread.setContextClassLoader(child);
      assertThat(PluginRegistry.loaderFor(thread)).isSameAs(child);
    }
    thread.setContextClassLoader(new ClassLoader(null) {});
    assertThat(PluginRegistry.loaderFor(thread)).isSameAs(PluginRegistry.class.getClassLoader());
    thread.setContextClassLoader(null);
    assertThat(PluginRegistry.loaderFor(thread)).isSameAs(PluginRegistry.class.getClassLoader());
  }
}
