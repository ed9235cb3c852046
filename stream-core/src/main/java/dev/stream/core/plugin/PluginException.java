package dev.stream.core.plugin;

import java.io.IOException;

/** A plug-in is missing, broken, or there are two for one name. The message says what to do. */
public final class PluginException extends IOException {

  private static final long serialVersionUID = 1;

  private final PluginKind kind;
  private final String name;

  PluginException(PluginKind kind, String name, String message) {
    super(message);
    this.kind = kind;
    this.name = name;
  }

  /** What was looked for. */
  public PluginKind kind() {
    return kind;
  }

  /** The type or name that was looked for. */
  public String name() {
    return name;
  }
}
