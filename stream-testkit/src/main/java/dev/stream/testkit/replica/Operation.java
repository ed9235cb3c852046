package dev.stream.testkit.replica;

/** An operation of a replica. */
public enum Operation {
  /** {@link dev.stream.api.replica.Replica#put}, and {@code create}. */
  PUT,
  /** {@link dev.stream.api.replica.Replica#open}. */
  OPEN,
  /** {@link dev.stream.api.replica.Replica#list}. */
  LIST,
  /** {@link dev.stream.api.replica.Replica#delete}. */
  DELETE
}
