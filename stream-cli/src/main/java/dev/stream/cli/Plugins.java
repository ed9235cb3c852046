package dev.stream.cli;

import dev.stream.core.artefact.CodecLookup;
import dev.stream.core.plugin.PluginException;
import dev.stream.core.plugin.PluginKind;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.restore.DatabaseLookup;

/** How restores and verifications find what artefacts name. */
final class Plugins {

  private Plugins() {}

  static CodecLookup codecs(PluginRegistry plugins) {
    return name -> plugins.names(PluginKind.CODEC).contains(name) ? plugins.openCodec(name) : null;
  }

  static DatabaseLookup databases(PluginRegistry plugins) {
    return type -> {
      if (!plugins.names(PluginKind.DATABASE).contains(type)) {
        return null;
      }
      try {
        return plugins.database(type);
      } catch (PluginException e) {
        return null; // The registry has just listed it.
      }
    };
  }
}
