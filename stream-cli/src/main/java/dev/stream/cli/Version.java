package dev.stream.cli;

import java.lang.module.ModuleDescriptor;
import picocli.CommandLine.IVersionProvider;

/** The version of this command. */
final class Version implements IVersionProvider {

  Version() {}

  @Override
  public String[] getVersion() {
    return new String[] {line()};
  }

  static String line() {
    return "stream " + text() + " (Java " + Runtime.version() + ")";
  }

  static String text() {
    ModuleDescriptor module = Version.class.getModule().getDescriptor();
    String fromModule = module == null ? null : module.rawVersion().orElse(null);
    if (fromModule != null) {
      return fromModule;
    }
    String fromJar = Version.class.getPackage().getImplementationVersion();
    return fromJar == null ? "development" : fromJar;
  }
}
