package dev.stream.it.s3;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** On s3proxy wherever this is: a second server, and the one that others fall back to. */
class S3ProxyContractIT extends S3Contract {

  private static S3Backend backend;

  @BeforeAll
  static void start() throws Exception {
    backend = S3Backend.inJvm("for its own test");
  }

  @AfterAll
  static void stop() throws Exception {
    backend.close();
  }

  @Override
  S3Backend backend() {
    return backend;
  }
}
