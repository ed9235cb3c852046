package dev.stream.it.backend;

import dev.stream.it.nats.NatsBackend;
import dev.stream.it.s3.S3Backend;
import dev.stream.it.sftp.OtherSftpBackend;
import dev.stream.it.sftp.SftpBackend;
import dev.stream.testkit.TestRun;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What the suites run over. The system property {@code stream.it.backends} picks some of them, such
 * as {@code s3,nats}.
 */
public enum BackendKind {
  FILE,
  S3,
  SFTP,
  NATS,
  /** Three servers, each with a copy. */
  NATS_CLUSTER,
  PROFTPD,
  RCLONE,
  RCLONE_S3,
  SFTPGO,
  VERSITYGW;

  /** One for each type of replica; the others show how its further servers differ. */
  private static final List<BackendKind> OF_EACH_TYPE = List.of(FILE, S3, SFTP, NATS);

  /** Those that take minutes, most of them because Debian does not have their programs. */
  private static final List<BackendKind> SLOW = List.of(NATS_CLUSTER, RCLONE_S3, SFTPGO, VERSITYGW);

  private static final String WANTED = System.getProperty("stream.it.backends", "");

  /** Starts one; the caller closes it. */
  public Backend start() throws Exception {
    return switch (this) {
      case FILE -> FileBackend.start();
      case S3 -> S3Backend.start();
      case SFTP -> SftpBackend.start();
      case NATS -> NatsBackend.start();
      case NATS_CLUSTER -> NatsBackend.cluster();
      case PROFTPD -> OtherSftpBackend.proftpd();
      case RCLONE -> OtherSftpBackend.rclone();
      case RCLONE_S3 -> S3Backend.rclone();
      case SFTPGO -> OtherSftpBackend.sftpgo();
      case VERSITYGW -> S3Backend.versitygw();
    };
  }

  /** Whether servers take part that take minutes: in the nightly profile. */
  public static boolean areSlowOnesWanted() {
    return TestRun.nightly();
  }

  /** All that are wanted, with every server of each type. */
  static List<BackendKind> everyServer() {
    List<String> wanted = List.of(WANTED.split(","));
    return Arrays.stream(values())
        .filter(
            kind ->
                WANTED.isBlank()
                    ? !SLOW.contains(kind) || areSlowOnesWanted()
                    : wanted.contains(kind.toString()))
        .toList();
  }

  /** The servers that are not the first of their type. */
  static List<BackendKind> further() {
    return everyServer().stream().filter(kind -> !OF_EACH_TYPE.contains(kind)).toList();
  }

  /** One of each type, wanted or not. */
  static List<BackendKind> ofEachType() {
    return OF_EACH_TYPE;
  }

  /** One of each type, if wanted. */
  static List<BackendKind> all() {
    return everyServer().stream().filter(OF_EACH_TYPE::contains).toList();
  }

  /** Those that are reached through a network. */
  static List<BackendKind> remote() {
    return all().stream().filter(kind -> kind != FILE).toList();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
