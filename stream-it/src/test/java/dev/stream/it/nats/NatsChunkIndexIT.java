package dev.stream.it.nats;

import static dev.stream.it.nats.Places.BUCKET;
import static dev.stream.it.nats.Places.asFullUser;
import static dev.stream.it.nats.Places.assertRefused;
import static dev.stream.it.nats.Places.put;
import static dev.stream.it.nats.Places.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.it.server.RunningServer;
import dev.stream.it.server.Servers;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What an object's message says of its chunks is wrong, as when a stream is a restored copy of
 * another. Where that shows with the first chunk, the chunks are found without it; else it is an
 * error. Other bytes than the object's never come out.
 */
@Timeout(120)
final class NatsChunkIndexIT {

  private static final String STREAM = "OBJ_" + BUCKET;
  private static final Pattern INDEX = Pattern.compile("(\"stream-chunks\":\"\\S+ )([^\"]*)\"");
  private static final Pattern RUN = Pattern.compile("(\\d+):(\\d+)\\*(\\d+)");

  /** Several chunks and a shorter one. */
  private static final byte[] OURS = Bodies.bytes(1, (3 << 20) + 1000);

  private static final byte[] FOREIGN = Bodies.bytes(2, OURS.length);

  private RunningServer server;
  private Connection connection;
  private Replica replica;

  /** A chunk, as an index has it. */
  private record Chunk(long position, int length) {}

  @BeforeEach
  void open() throws Exception {
    server = Servers.start(NatsRecipe.users());
    connection = Nats.connect(NatsBackend.options(server).build());
    connection.objectStoreManagement().create(NatsBackend.bucket(BUCKET).build());
    replica = asFullUser(NatsBackend.url(server.address(NatsRecipe.CLIENTS)));
  }

  @AfterEach
  void close() throws Exception {
    replica.close();
    Admin.close(connection);
    server.close();
  }

  private static String subject(String key) {
    String name = Base64.getUrlEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    return "$O." + BUCKET + ".M." + name;
  }

  private String description(String key) throws Exception {
    byte[] data = connection.jetStreamManagement().getLastMessage(STREAM, subject(key)).getData();
    return new String(data, StandardCharsets.UTF_8);
  }

  private List<Chunk> index(String key) throws Exception {
    Matcher index = INDEX.matcher(description(key));
    assertThat(index.find()).isTrue();
    List<Chunk> chunks = new ArrayList<>();
    Matcher run = RUN.matcher(index.group(2));
    while (run.find()) {
      for (int i = 0; i < Integer.parseInt(run.group(3)); i++) {
        chunks.add(new Chunk(Long.parseLong(run.group(1)) + i, Integer.parseInt(run.group(2))));
      }
    }
    assertThat(chunks).hasSizeGreaterThan(3);
    return chunks;
  }

  /** Replaces what an object's message says of its chunks. */
  private void plant(String key, List<Chunk> chunks) throws Exception {
    List<String> runs =
        chunks.stream().map(chunk -> chunk.position() + ":" + chunk.length() + "*1").toList();
    String planted =
        INDEX.matcher(description(key)).replaceFirst("$1" + String.join(",", runs) + "\"");
    Headers headers = new Headers();
    headers.put("Nats-Rollup", "sub");
    connection.jetStream().publish(subject(key), headers, planted.getBytes(StandardCharsets.UTF_8));
    assertThat(index(key)).isEqualTo(chunks);
  }

  private void assertRefusedFrom(long chunk, List<Chunk> index) {
    long offset = index.subList(0, (int) chunk).stream().mapToLong(Chunk::length).sum();
    assertThat(assertRefused(Reason.CONFLICT, () -> read(replica, "g/ours")))
        .hasMessageContaining("from " + offset + " on");
  }

  @Test
  void anotherObjectsChunksAreNotRead() throws Exception {
    put(replica, "g/ours", OURS);
    put(replica, "g/foreign", FOREIGN);
    plant("g/ours", index("g/foreign"));
    assertThat(read(replica, "g/ours")).isEqualTo(OURS);
    assertThat(read(replica, "g/ours", 1_000_000, 500_000))
        .isEqualTo(Arrays.copyOfRange(OURS, 1_000_000, 1_500_000));
  }

  @Test
  void anotherObjectsChunkFurtherOnIsAnError() throws Exception {
    put(replica, "g/ours", OURS);
    put(replica, "g/foreign", FOREIGN);
    List<Chunk> mixed = new ArrayList<>(index("g/ours").subList(0, 2));
    mixed.addAll(index("g/foreign").subList(2, index("g/foreign").size()));
    plant("g/ours", mixed);
    assertRefusedFrom(2, mixed);
  }

  @Test
  void aPurgedChunkIsAnError() throws Exception {
    put(replica, "g/ours", OURS);
    put(replica, "g/foreign", FOREIGN);
    List<Chunk> mixed = new ArrayList<>(index("g/ours").subList(0, 2));
    mixed.addAll(index("g/foreign").subList(2, index("g/foreign").size()));
    replica.delete(List.of(Places.key("g/foreign")));
    plant("g/ours", mixed);
    assertRefusedFrom(2, mixed);
  }

  @Test
  void aChunkOfAnotherSizeIsAnError() throws Exception {
    put(replica, "g/ours", OURS);
    List<Chunk> chunks = index("g/ours");
    int last = chunks.size() - 1;
    assertThat(chunks.get(last).length()).isLessThan(chunks.get(1).length());
    List<Chunk> swapped = new ArrayList<>(chunks);
    swapped.set(1, new Chunk(chunks.get(1).position(), chunks.get(last).length()));
    swapped.set(last, new Chunk(chunks.get(last).position(), chunks.get(1).length()));
    plant("g/ours", swapped);
    assertRefusedFrom(1, swapped);
  }

  @Test
  void whatWasReadBeforeIsNotTakenForWhatIsThereNow() throws Exception {
    put(replica, "g/ours", OURS);
    assertThat(read(replica, "g/ours", 0, 10)).isEqualTo(Arrays.copyOf(OURS, 10));
    try (Replica other = asFullUser(NatsBackend.url(server.address(NatsRecipe.CLIENTS)))) {
      put(other, "g/ours", FOREIGN);
      assertThat(read(replica, "g/ours")).isEqualTo(FOREIGN);
      other.delete(List.of(Places.key("g/ours")));
      assertRefused(Reason.NOT_FOUND, () -> read(replica, "g/ours"));
    }
  }

  @Test
  void itsMessageDecidesEvenIfTheFormerChunksAreStillThere() throws Exception {
    put(replica, "g/ours", OURS);
    assertThat(read(replica, "g/ours", 0, 10)).isEqualTo(Arrays.copyOf(OURS, 10));
    put(replica, "g/foreign", FOREIGN);
    // As when the one who replaced it was killed before it removed the former chunks.
    String replaced = description("g/foreign").replace("\"g/foreign\"", "\"g/ours\"");
    Headers headers = new Headers();
    headers.put("Nats-Rollup", "sub");
    connection
        .jetStream()
        .publish(subject("g/ours"), headers, replaced.getBytes(StandardCharsets.UTF_8));
    assertThat(read(replica, "g/ours")).isEqualTo(FOREIGN);
  }
}
