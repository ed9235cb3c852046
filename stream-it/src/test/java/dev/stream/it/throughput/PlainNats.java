package dev.stream.it.throughput;

import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.ObjectStore;
import io.nats.client.Options;
import io.nats.client.api.ObjectMeta;
import java.io.BufferedOutputStream;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** jnats' object store. */
final class PlainNats implements PlainClient {

  private static final String NAME = "plain";

  private final Connection connection;
  private final ObjectStore store;

  PlainNats(Map<String, Object> config) throws Exception {
    this.connection =
        Nats.connect(
            Options.builder()
                .server(PlainClient.text(config, "url"))
                .userInfo(PlainClient.text(config, "user"), PlainClient.text(config, "password"))
                .connectionTimeout(Duration.ofSeconds(10))
                .errorListener(new ErrorListener() {})
                .build());
    this.store = connection.objectStore(PlainClient.text(config, "bucket"));
  }

  @Override
  public String description() {
    return "jnats, ObjectStore.put and get";
  }

  @Override
  public void put(Path file) throws Exception {
    try (InputStream in = Files.newInputStream(file)) {
      store.put(ObjectMeta.objectName(NAME), in);
    }
  }

  @Override
  public void get(Path file) throws Exception {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      store.get(NAME, out);
    }
  }

  @Override
  public void remove() throws Exception {
    store.delete(NAME);
  }

  @Override
  public void close() throws InterruptedIOException {
    try {
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }
}
