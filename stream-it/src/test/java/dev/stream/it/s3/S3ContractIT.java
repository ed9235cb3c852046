package dev.stream.it.s3;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** On the best server that there is. */
class S3ContractIT extends S3Contract {

  private static S3Backend backend;

  @BeforeAll
  static void start() throws Exception {
    backend = S3Backend.start();
  }

  @AfterAll
  static void stop() throws Exception {
    backend.close();
  }

  @Override
  S3Backend backend() {
    return backend;
  }

  @Override
  protected boolean mustCreateExclusively() {
    return backend.isMinio();
  }
}
