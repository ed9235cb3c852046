package dev.stream.it.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.it.cli.Shop;
import dev.stream.it.cli.StreamProcess;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each type of replica on its server, named by a URL alone; secrets come from the environment. */
final class ReplicaUrlIT {

  private static final Set<String> SECRETS = Set.of("password", "token");

  @TempDir Path folder;

  static Stream<BackendKind> kinds() {
    return BackendKind.all().stream();
  }

  /** A URL, and the variables that it and its type take. */
  private record Named(String url, Map<String, String> environment) {

    static Named of(String type, Map<String, Object> config) {
      Map<String, Object> rest = new HashMap<>(config);
      Map<String, String> environment = new HashMap<>();
      String address =
          switch (type) {
            case "file" -> "file://" + rest.remove("path");
            case "s3" -> {
              environment.put("AWS_ACCESS_KEY_ID", rest.remove("accessKey").toString());
              environment.put("AWS_SECRET_ACCESS_KEY", rest.remove("secretKey").toString());
              yield "s3://" + rest.remove("bucket") + "/" + rest.remove("prefix");
            }
            case "sftp" -> {
              String path = rest.remove("path").toString();
              String server = rest.remove("host") + ":" + rest.remove("port");
              String user = rest.remove("user").toString();
              yield "sftp://" + user + "@" + server + (path.startsWith("/") ? "" : "/~/") + path;
            }
            case "nats" -> rest.remove("url") + "/" + rest.remove("bucket");
            default -> throw new AssertionError(type);
          };
      String query =
          rest.entrySet().stream()
              .map(entry -> entry.getKey() + "=" + value(entry, environment))
              .collect(Collectors.joining("&"));
      return new Named(query.isEmpty() ? address : address + "?" + query, environment);
    }

    private static String value(Map.Entry<String, Object> entry, Map<String, String> environment) {
      String text = entry.getValue().toString();
      if (!SECRETS.contains(entry.getKey())) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
      }
      String variable = "STREAM_IT_" + entry.getKey();
      environment.put(variable, text);
      return "${" + variable + "}";
    }

    StreamProcess start(String... args) throws Exception {
      return StreamProcess.start(
          List.of(), environment, StreamProcess.distribution().resolve("bin/stream"), args);
    }
  }

  private static void showsNone(StreamProcess.Result ended, List<String> secrets) {
    for (String secret : secrets) {
      assertThat(ended.out() + ended.err()).doesNotContain(secret);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void replicatesToItAndRestoresFromIt(BackendKind kind) throws Exception {
    try (Backend backend = kind.start();
        Shop shop = new Shop(folder)) {
      Named named = Named.of(backend.type(), backend.config("by-url"));
      String database = shop.database.toString();
      try (StreamProcess stream = named.start("replicate", database, named.url()).awaitReady()) {
        shop.order();
        shop.order();
        StreamProcess.Result ended = stream.terminate();
        assertThat(ended.exit()).as(ended.err()).isZero();
        showsNone(ended, backend.secrets());
      }
      Path restored = folder.resolve("restored.db");
      try (StreamProcess stream =
          named.start("restore", "--from", named.url(), "-o", restored.toString())) {
        StreamProcess.Result ended = stream.await();
        assertThat(ended.exit()).as(ended.err()).isZero();
        showsNone(ended, backend.secrets());
      }
      assertThat(Files.mismatch(shop.reference(), restored)).isEqualTo(-1);
    }
  }
}
