package dev.stream.core.plugin;

import org.jspecify.annotations.Nullable;

/**
 * A plug-in that was found, whether it works or not.
 *
 * @param kind what it provides
 * @param name its type or name; null if it broke before it could say
 * @param moduleName the module it is in; null on the class path
 * @param version from the module's descriptor or the jar's manifest; null if neither says
 * @param spiVersion the version of the plug-in interfaces it says it was compiled against; null if
 *     it does not say
 * @param location the jar or folder it came from; null if unknown
 * @param className the provider's class; null if unknown
 * @param problem why it cannot be used; null if it can
 */
public record PluginInfo(
    PluginKind kind,
    @Nullable String name,
    @Nullable String moduleName,
    @Nullable String version,
    @Nullable String spiVersion,
    @Nullable String location,
    @Nullable String className,
    @Nullable String problem) {

  /** Whether it was found but cannot be used. */
  public boolean broken() {
    return problem != null;
  }

  /** Class and jar, for messages. */
  String whereabouts() {
    return (className == null ? "an unnamed provider" : className)
        + " in "
        + (location == null ? "an unknown place" : location);
  }
}
