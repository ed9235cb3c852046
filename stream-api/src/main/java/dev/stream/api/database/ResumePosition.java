package dev.stream.api.database;

/**
 * Where capture ended.
 *
 * @param txId the last transaction that was taken
 * @param token what the source handed over with it
 */
public record ResumePosition(long txId, String token) {

  /** Validates the transaction id. */
  public ResumePosition {
    if (txId < 0) {
      throw new IllegalArgumentException("transaction " + txId);
    }
  }
}
