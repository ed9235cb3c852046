package dev.stream.core.plugin;

/**
 * A plug-in whose classes do not fit this Stream or their libraries, which the JVM notices only
 * when it comes to the place: as a {@link LinkageError}.
 */
public final class PluginMisfit {

  private PluginMisfit() {}

  /** What is wrong with a provider's plug-in, which jar it is in, and what to do. */
  public static String describe(Object provider, LinkageError error) {
    PluginOrigin origin = PluginOrigin.of(provider.getClass());
    return "its plug-in "
        + provider.getClass().getName()
        + (origin.version() == null ? "" : " " + origin.version())
        + " in "
        + (origin.location() == null ? "an unknown place" : origin.location())
        + " does not fit: "
        + error
        + ". It lacks a jar, or was compiled against another version of one or of Stream's"
        + " interfaces: use a release of it that is made for this Stream, with all its jars";
  }
}
