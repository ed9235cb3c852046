package dev.stream.core.count;

/** What is asked of a replica. Each is one call; a store may need several requests for it. */
public enum ReplicaOperation {
  /** An object is stored. */
  STORE,
  /** An object is read, or a part of it. */
  READ,
  /** Objects are listed. */
  LIST,
  /** Objects are deleted. */
  DELETE
}
