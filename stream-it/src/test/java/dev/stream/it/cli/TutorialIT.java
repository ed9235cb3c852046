package dev.stream.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.it.backend.Backend;
import dev.stream.it.backend.BackendKind;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tutorial, followed by a newcomer who copies every block of it into one shell. */
final class TutorialIT {

  private static final Pattern ORDERS = Pattern.compile("before: order (\\d+), now: order (\\d+)");

  @TempDir private Path folder;

  @Test
  void theApplicationGoesOnFromWhereItWasOnANewDisk() throws Exception {
    try (Backend store = BackendKind.S3.start()) {
      Map<String, Object> config = store.config("tutorial");
      String commands =
          Document.of("docs/TUTORIAL.md").blocks("sh", "").stream()
              .collect(Collectors.joining("\n"));
      assertThat(commands).contains("export STORE=", "export AWS_ACCESS_KEY_ID=", ":9090");
      String script =
          commands
              .replaceFirst(
                  "export STORE=.*",
                  "export STORE=" + config.get("endpoint") + " BUCKET=" + config.get("bucket"))
              .replaceFirst(
                  "export AWS_ACCESS_KEY_ID=.*",
                  "export AWS_ACCESS_KEY_ID='"
                      + config.get("accessKey")
                      + "' AWS_SECRET_ACCESS_KEY='"
                      + config.get("secretKey")
                      + "'")
              .replace(":9090", ":" + freePort());
      Path file = Files.writeString(folder.resolve("tutorial.sh"), script);
      StreamProcess.Result ended;
      try (StreamProcess shell =
          StreamProcess.start(
              List.of("env", "--chdir=" + folder, "bash", "-eu"), Map.of("PATH", path()), file)) {
        ended = shell.await();
      }
      assertThat(ended.exit()).as(ended.out() + ended.err() + log()).isZero();
      Matcher orders = ORDERS.matcher(ended.out());
      assertThat(orders.find()).as(ended.out()).isTrue();
      long before = Long.parseLong(orders.group(1));
      long now = Long.parseLong(orders.group(2));
      assertThat(now).as("orders of which some second may be lost").isGreaterThan(before / 2);
      assertThat(ended.out())
          .contains("stream_replica_data_loss_window_seconds{", "verified through transaction")
          .contains("\nok\n");
    }
  }

  private String log() throws Exception {
    Path log = folder.resolve("shop/stream.log");
    return Files.exists(log) ? "\n" + Files.readString(log) : "";
  }

  private static String path() {
    return StreamProcess.distribution().resolve("bin") + ":" + System.getenv("PATH");
  }

  /** One that nobody had a moment ago. */
  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
