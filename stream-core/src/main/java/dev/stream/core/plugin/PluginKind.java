package dev.stream.core.plugin;

import dev.stream.api.codec.CodecProvider;
import dev.stream.api.database.PagedDatabaseProvider;
import dev.stream.api.replica.ReplicaProvider;

/** What a plug-in provides. */
public enum PluginKind {
  /** A store of artefacts. */
  REPLICA("replica type", ReplicaProvider.class),
  /** A compression of blocks. */
  CODEC("codec", CodecProvider.class),
  /** A kind of database. */
  DATABASE("database type", PagedDatabaseProvider.class);

  private final String label;
  private final Class<?> service;

  PluginKind(String label, Class<?> service) {
    this.label = label;
    this.service = service;
  }

  /** What messages call it, such as {@code replica type}. */
  public String label() {
    return label;
  }

  /** The interface that its providers implement. */
  public Class<?> service() {
    return service;
  }
}
