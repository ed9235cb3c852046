package dev.stream.it.nats;

import dev.stream.it.server.Layout;
import dev.stream.it.server.RunningServer;
import dev.stream.it.server.ServerFile;
import dev.stream.it.server.ServerRecipe;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A NATS server.
 *
 * @param settings its configuration, but for what all have; {@code @NAME@} is the path of a file
 * @param extra files by name
 */
record NatsRecipe(
    String settings, Map<String, String> extra, boolean jetStream, OptionalLong dataLimit)
    implements ServerRecipe {

  static final int CLIENTS = 4222;

  static final String USER = "stream";
  static final String PASSWORD = "pw-of-stream-41";
  static final String READER = "reader";
  static final String READER_PASSWORD = "pw-of-reader-42";

  /** One user with all rights, and one who can do no more than a restore needs. */
  static NatsRecipe users() {
    return of(
        """
        authorization {
          users: [
            {user: "%s", password: "%s"}
            {user: "%s", password: "%s", permissions: {
              publish: {allow: [
                "$JS.API.STREAM.INFO.*", "$JS.API.STREAM.MSG.GET.*", "$JS.API.DIRECT.GET.*",
                "$JS.API.CONSUMER.CREATE.>", "$JS.API.CONSUMER.INFO.>", "$JS.FC.>"
              ]}
              subscribe: {allow: ["_INBOX.>"]}
            }}
          ]
        }
        """
            .formatted(USER, PASSWORD, READER, READER_PASSWORD));
  }

  static NatsRecipe of(String settings) {
    return new NatsRecipe(settings, Map.of(), true, OptionalLong.empty());
  }

  NatsRecipe with(Map<String, String> files) {
    return new NatsRecipe(settings, files, jetStream, dataLimit);
  }

  NatsRecipe withoutJetStream() {
    return new NatsRecipe(settings, extra, false, dataLimit);
  }

  NatsRecipe limitedTo(long bytes) {
    return new NatsRecipe(settings, extra, jetStream, OptionalLong.of(bytes));
  }

  @Override
  public String name() {
    return "nats";
  }

  @Override
  public List<Integer> ports() {
    return List.of(CLIENTS);
  }

  @Override
  public Map<String, ServerFile> files(Layout layout) {
    StringBuilder configuration = new StringBuilder();
    configuration
        .append("listen: \"")
        .append(layout.bind())
        .append(':')
        .append(layout.port(CLIENTS))
        .append("\"\n");
    if (jetStream) {
      configuration.append("jetstream {store_dir: \"").append(layout.data()).append("\"}\n");
    }
    String own = settings;
    Map<String, ServerFile> files = new HashMap<>();
    for (Map.Entry<String, String> each : extra.entrySet()) {
      own = own.replace("@" + each.getKey() + "@", layout.file(each.getKey()));
      files.put(each.getKey(), file(each.getValue()));
    }
    files.put("nats.conf", file(configuration + own));
    return files;
  }

  private static ServerFile file(String text) {
    return new ServerFile(text.getBytes(StandardCharsets.UTF_8), 0644);
  }

  @Override
  public List<String> command(Layout layout) {
    return List.of("nats-server", "-c", layout.file("nats.conf"));
  }

  @Override
  public boolean isReady(RunningServer server) throws Exception {
    InetSocketAddress address = server.address(CLIENTS);
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      socket.setSoTimeout(2_000);
      String line =
          new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
              .readLine();
      return line != null && line.startsWith("INFO");
    }
  }
}
