package dev.stream.it.server;

import java.util.Arrays;
import java.util.Locale;

/** How servers run. */
enum Mode {
  /** In containers if a Docker daemon answers, else as processes. */
  AUTO,
  CONTAINERS,
  PROCESSES;

  static final String VARIABLE = "STREAM_TEST_SERVERS";
  static final String PROPERTY = "stream.test.servers";

  /** What was asked for; the system property goes before the environment. */
  static Mode wanted() {
    String wanted = System.getProperty(PROPERTY, "");
    if (wanted.isEmpty()) {
      wanted = System.getenv().getOrDefault(VARIABLE, "");
    }
    return wanted.isEmpty() ? AUTO : parse(wanted);
  }

  static Mode parse(String wanted) {
    return Arrays.stream(values())
        .filter(mode -> mode.name().toLowerCase(Locale.ROOT).equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    VARIABLE + "='" + wanted + "': it is auto, containers or processes"));
  }
}
