package dev.stream.replica.sftp;

/** Whether the server must prove to be the one that was meant. */
public enum HostKeyChecking {
  /** The server's key must be known, or have the configured fingerprint. */
  STRICT,
  /**
   * Any key will do, so that anybody on the way can pose as the server, read what is replicated and
   * take the password. Every opening logs a warning.
   */
  INSECURE_ACCEPT_ANY
}
