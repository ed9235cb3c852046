package dev.stream.cli.option;

import dev.stream.api.codec.Codec;
import dev.stream.api.codec.CodecSettings;
import dev.stream.core.plugin.CodecLookup;
import dev.stream.core.plugin.PluginException;
import dev.stream.core.plugin.PluginKind;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.restore.DatabaseLookup;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** How restores and verifications find what artefacts name. */
public final class PluginLookups {

  private PluginLookups() {}

  public static CodecLookup codecs(PluginRegistry plugins) {
    return new CodecLookup() {
      @Override
      public @Nullable Codec find(String name) throws IOException {
        return find(name, CodecSettings.DEFAULTS);
      }

      @Override
      public @Nullable Codec find(String name, CodecSettings settings) throws IOException {
        return plugins.names(PluginKind.CODEC).contains(name)
            ? plugins.codec(name).create(settings)
            : null;
      }
    };
  }

  public static DatabaseLookup databases(PluginRegistry plugins) {
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
