package dev.stream.core.plugin;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/** Where a provider's class comes from. */
record PluginOrigin(
    @Nullable String moduleName,
    @Nullable String version,
    @Nullable String location,
    @Nullable String className,
    @Nullable String spiVersion) {

  /** Nothing is known. */
  static final PluginOrigin UNKNOWN = new PluginOrigin(null, null, null, null, null);

  static PluginOrigin of(Class<?> provider) {
    CodeSource source = provider.getProtectionDomain().getCodeSource();
    URL url = source == null ? null : source.getLocation();
    Path jar = url == null ? null : path(url.toString());
    Module module = provider.getModule();
    Attributes manifest = manifest(jar);
    String version =
        module.isNamed()
            ? module.getDescriptor().rawVersion().orElse(null)
            : provider.getPackage().getImplementationVersion();
    if (version == null) {
      version = manifest.getValue(Attributes.Name.IMPLEMENTATION_VERSION);
    }
    return new PluginOrigin(
        module.isNamed() ? module.getName() : null,
        version,
        location(jar, url),
        provider.getName(),
        manifest.getValue(PluginRegistry.SPI_VERSION_ATTRIBUTE));
  }

  /** For a class that cannot be loaded, but whose file can be found. */
  static PluginOrigin ofUnloadable(String className, @Nullable ClassLoader loader) {
    String file = className.replace('.', '/') + ".class";
    URL url = loader == null ? null : loader.getResource(file);
    if (url == null) {
      return new PluginOrigin(null, null, null, className, null);
    }
    String text = url.toString();
    String root = text.substring(0, text.length() - file.length());
    if (root.startsWith("jar:") && root.endsWith("!/")) {
      root = root.substring("jar:".length(), root.length() - "!/".length());
    }
    Path jar = path(root);
    Attributes manifest = manifest(jar);
    return new PluginOrigin(
        null,
        manifest.getValue(Attributes.Name.IMPLEMENTATION_VERSION),
        jar == null ? root : jar.toString(),
        className,
        manifest.getValue(PluginRegistry.SPI_VERSION_ATTRIBUTE));
  }

  PluginInfo info(PluginKind kind, @Nullable String name, @Nullable String problem) {
    return new PluginInfo(
        kind, name, moduleName, version, spiVersion, location, className, problem);
  }

  private static @Nullable String location(@Nullable Path jar, @Nullable URL url) {
    if (jar != null) {
      return jar.toString();
    }
    return url == null ? null : url.toString();
  }

  private static @Nullable Path path(String url) {
    try {
      return Path.of(new URI(url));
    } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
      return null; // inside another archive, or not a file at all
    }
  }

  private static Attributes manifest(@Nullable Path jar) {
    if (jar == null || !Files.isRegularFile(jar)) {
      return new Attributes();
    }
    try (JarFile file = new JarFile(jar.toFile())) {
      Manifest manifest = file.getManifest();
      return manifest == null ? new Attributes() : manifest.getMainAttributes();
    } catch (IOException | UnsupportedOperationException e) {
      return new Attributes(); // its version is then unknown; loading it says what is wrong
    }
  }
}
