package dev.stream.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.it.Shell;
import dev.stream.it.Shipped;
import dev.stream.it.server.Programs;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The status page in a browser. The two pictures in {@code docs} are made here: with {@code
 * -Dstream.docs.pictures=true} they are replaced, otherwise they lie in {@code target}.
 */
class StatusPageIT {

  private static final String NAME = "<img src=x onerror=\"document.title='owned'\">.db";
  private static final int WIDTH = 960;

  private Path folder;

  /** Not a folder of JUnit's: its name is in the pictures. */
  @BeforeEach
  void makeFolder() throws Exception {
    folder = Files.createTempDirectory("stream-page-");
  }

  @AfterEach
  void removeFolder() throws Exception {
    Shell.expect("rm", "-rf", folder.toString());
  }

  private String browse(int port, String... options) throws Exception {
    Path profile = Files.createTempDirectory(folder, "profile-");
    StringBuilder command = new StringBuilder(Programs.find("chromium").toString());
    command.append(
        " --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --hide-scrollbars");
    command.append(" --no-first-run --disable-extensions --disable-background-networking");
    command.append(" --virtual-time-budget=5000 --user-data-dir=").append(profile);
    for (String option : options) {
      command.append(' ').append(option);
    }
    command
        .append(" http://localhost:")
        .append(port)
        .append("/ 2>")
        .append(folder)
        .append("/chromium.log");
    Shell.Result result = Shell.run("timeout", "60", "sh", "-c", command.toString());
    assertThat(result.exit()).as(Files.readString(folder.resolve("chromium.log"))).isZero();
    return result.output();
  }

  /** Takes a picture, and sees that there is something on it. */
  private void picture(int port, String name, int height) throws Exception {
    Path made = folder.resolve(name);
    browse(port, "--window-size=" + WIDTH + "," + height, "--screenshot=" + made);
    BufferedImage image = ImageIO.read(made.toFile());
    Set<Integer> colours = new HashSet<>();
    for (int y = 0; y < image.getHeight(); y += 3) {
      for (int x = 0; x < image.getWidth(); x += 3) {
        colours.add(image.getRGB(x, y));
      }
    }
    assertThat(colours.size()).as("colours of " + name).isGreaterThan(20);
    boolean replaced = Boolean.getBoolean("stream.docs.pictures");
    Path target = Shipped.PROJECT.resolve(replaced ? "docs" : "stream-it/target").resolve(name);
    Files.copy(made, target, StandardCopyOption.REPLACE_EXISTING);
    assertThat(Shipped.PROJECT.resolve("docs").resolve(name)).exists();
  }

  private static Path config(Shop shop, Path second) throws Exception {
    return shop.write(
        """
        {"database": {"type": "sqlite", "path": "%s"}, "shadowDir": "%s", "syncInterval": "50ms",
         "closeTimeout": "3s", "dataLossWindowThreshold": "2s", "http": {"address": "0"},
         "replicas": [{"type": "file", "name": "nas", "path": "%s"},
                      {"type": "file", "name": "usb", "path": "%s"}]}
        """
            .formatted(
                shop.database.toString().replace("\"", "\\\""), shop.shadow, shop.replica, second));
  }

  @Test
  void theHealthyAndTheOneOfWhichAReplicaIsDown() throws Exception {
    Path second = folder.resolve("usb");
    try (Shop shop = new Shop(folder)) {
      Path config = config(shop, second);
      try (StreamProcess stream = StreamProcess.start("replicate", "--config", config.toString())) {
        stream.awaitReady();
        for (int i = 0; i < 5; i++) {
          shop.order();
        }
        assertThat(StreamProcess.run("pin", "before-the-release", "--config", config + "").exit())
            .isZero();
        // The pin is seen with the next listing, which a start makes.
        assertThat(stream.terminate().exit()).isZero();
      }
      try (StreamProcess stream = StreamProcess.start("replicate", "--config", config.toString())) {
        stream.awaitReady();
        int port = PlainHttp.port(stream);
        shop.order();
        awaitOverview(port, "before-the-release");
        awaitSamples(port);
        picture(port, "status-healthy.png", 1140);
        String healthy = browse(port, "--dump-dom");
        assertThat(healthy)
            .contains("healthy</span>", "current</span>", "before-the-release", "<polyline", "nas")
            .doesNotContain("not healthy</span>", "badge bad\">");

        Files.move(second, folder.resolve("away"));
        Files.writeString(second, "no folder");
        shop.order();
        awaitOverview(port, "lags by more than");
        picture(port, "status-replica-down.png", 1400);
        assertThat(browse(port, "--dump-dom")).contains("not healthy</span>", "lags</span>", "usb");
      }
    }
  }

  private static void awaitOverview(int port, String text) throws Exception {
    StreamProcess.await(
        text,
        () -> {
          try {
            return PlainHttp.get(port, "/overview").body().contains(text);
          } catch (java.io.IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  /** The plot has a line from the first sample to now. */
  private static void awaitSamples(int port) throws Exception {
    StreamProcess.await(
        "a sample of the lag",
        () -> {
          try {
            String body = PlainHttp.get(port, "/overview").body();
            String samples =
                body.substring(body.indexOf("\"samples\""), body.indexOf("\"contents\""));
            return samples.chars().filter(c -> c == '[').count() >= 3;
          } catch (java.io.IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  /** Names of files and messages of stores are others' words, and never become markup. */
  @Test
  void whatOthersNameStaysText() throws Exception {
    try (Shop shop = new Shop(folder, folder.resolve(NAME))) {
      shop.execute("CREATE TABLE orders(id INTEGER PRIMARY KEY, receipt BLOB)");
      Path config = config(shop, folder.resolve("usb"));
      try (StreamProcess stream = StreamProcess.start("replicate", "--config", config.toString())) {
        stream.awaitReady();
        String dom = browse(PlainHttp.port(stream), "--dump-dom");
        assertThat(dom)
            .contains("&lt;img src=x onerror=", "healthy</span>")
            .doesNotContain("<img", "<title>owned");
        assertThat(stream.terminate().exit()).isZero();
      }
    }
  }
}
