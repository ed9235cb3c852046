package dev.stream.core.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
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
    URL root = source == null ? null : source.getLocation();
    Attributes manifest = manifest(root);
    Module module = provider.getModule();
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
        location(root),
        provider.getName(),
        manifest.getValue(PluginRegistry.SPI_VERSION_ATTRIBUTE));
  }

  /** For a class that cannot be loaded, but whose file can be found. */
  static PluginOrigin ofUnloadable(String className, @Nullable ClassLoader loader) {
    String file = className.replace('.', '/') + ".class";
    URL found = loader == null ? null : loader.getResource(file);
    URL root = found == null ? null : root(found, file);
    Attributes manifest = manifest(root);
    return new PluginOrigin(
        null,
        manifest.getValue(Attributes.Name.IMPLEMENTATION_VERSION),
        location(root),
        className,
        manifest.getValue(PluginRegistry.SPI_VERSION_ATTRIBUTE));
  }

  PluginInfo info(PluginKind kind, @Nullable String name, @Nullable String problem) {
    return new PluginInfo(
        kind, name, moduleName, version, spiVersion, location, className, problem);
  }

  private static @Nullable URL root(URL resource, String file) {
    String text = resource.toString();
    try {
      // In its context, so that a class loader's own kind of URL stays one.
      return new URL(resource, text.substring(0, text.length() - file.length()));
    } catch (MalformedURLException e) {
      return null;
    }
  }

  /** The jar or folder; one that is inside another archive as the class loader names it. */
  private static @Nullable String location(@Nullable URL root) {
    if (root == null) {
      return null;
    }
    String text = withoutJar(root.toString());
    Path path = path(text);
    return path == null ? text : path.toString();
  }

  private static String withoutJar(String url) {
    return url.startsWith("jar:") && url.endsWith("!/")
        ? url.substring("jar:".length(), url.length() - "!/".length())
        : url;
  }

  /** Only of a file on disk: other file systems' paths name nothing without their archive. */
  private static @Nullable Path path(String url) {
    try {
      URI uri = new URI(url);
      return "file".equalsIgnoreCase(uri.getScheme()) ? Path.of(uri) : null;
    } catch (URISyntaxException | IllegalArgumentException e) {
      return null;
    }
  }

  private static Attributes manifest(@Nullable URL root) {
    if (root == null) {
      return new Attributes();
    }
    Path file = path(withoutJar(root.toString()));
    try {
      if (file != null && Files.isRegularFile(file)) {
        return ofJar(file);
      }
      return root.getPath().endsWith("/") ? ofRoot(root) : new Attributes();
    } catch (IOException | UnsupportedOperationException e) {
      return new Attributes(); // its version is then unknown; loading it says what is wrong
    }
  }

  private static Attributes ofJar(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      Manifest manifest = file.getManifest();
      return manifest == null ? new Attributes() : manifest.getMainAttributes();
    }
  }

  /** For instance of a jar in the executable jar of an application. */
  private static Attributes ofRoot(URL root) throws IOException {
    URLConnection connection = new URL(root, JarFile.MANIFEST_NAME).openConnection();
    connection.setUseCaches(false);
    try (InputStream in = connection.getInputStream()) {
      return new Manifest(in).getMainAttributes();
    }
  }
}
