package dev.stream.cli.output;

import java.lang.module.ModuleDescriptor;
import picocli.CommandLine.IVersionProvider;

/** The version of this command. */
public final class CommandVersion implements IVersionProvider {

  CommandVersion() {}

  @Override
  public String[] getVersion() {
    return new String[] {line()};
  }

  public static String line() {
    return "stream " + text() + " (Java " + Runtime.version() + ")";
  }

  public static String text() {
    ModuleDescriptor module = CommandVersion.class.getModule().getDescriptor();
    String fromModule = module == null ? null : module.rawVersion().orElse(null);
    if (fromModule != null) {
      return fromModule;
    }
    String fromJar = CommandVersion.class.getPackage().getImplementationVersion();
    return fromJar == null ? "development" : fromJar;
  }
}
