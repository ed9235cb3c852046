package dev.stream.core.plugin;

import dev.stream.api.codec.CodecProvider;
import dev.stream.api.database.PagedDatabaseProvider;
import dev.stream.api.replica.ReplicaProvider;

/** What a plug-in provides. */
public enum PluginKind {
  /** A store of artefacts. */
  REPLICA("replica type", ReplicaProvider.class, "stream-replica-"),
  /** A compression of blocks. */
  CODEC("codec", CodecProvider.class, "stream-codec-"),
  /** A kind of database. */
  DATABASE("database type", PagedDatabaseProvider.class, "stream-source-");

  private final String label;
  private final Class<?> service;
  private final String artifactPrefix;

  PluginKind(String label, Class<?> service, String artifactPrefix) {
    this.label = label;
    this.service = service;
    this.artifactPrefix = artifactPrefix;
  }

  /** What messages call it, such as {@code replica type}. */
  public String label() {
    return label;
  }

  /** The interface that its providers implement. */
  public Class<?> service() {
    return service;
  }

  /** The artifact in which Stream's own plug-in of that name would be. */
  String artifact(String name) {
    return "dev.stream:" + artifactPrefix + name;
  }
}
