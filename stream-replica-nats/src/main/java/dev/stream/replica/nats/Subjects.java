package dev.stream.replica.nats;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The subjects of one bucket, as NATS's object store lays them out. */
final class Subjects {

  private final String bucket;
  private final String stream;
  private final String api;

  /** The subjects of a bucket in a JetStream domain; null for the server's own domain. */
  Subjects(String bucket, @Nullable String domain) {
    this.bucket = bucket;
    this.stream = "OBJ_" + bucket;
    this.api = domain == null ? "$JS.API." : "$JS." + domain + ".API.";
  }

  /** Patterns of all subjects that a replica publishes to. */
  List<String> toPublish() {
    return List.of(
        "$O." + bucket + ".>",
        api + "STREAM.INFO." + stream,
        api + "STREAM.MSG.GET." + stream,
        api + "STREAM.PURGE." + stream,
        api + "DIRECT.GET." + stream,
        api + "CONSUMER.CREATE." + stream + ".>",
        api + "CONSUMER.INFO." + stream + ".>",
        "$JS.FC.>");
  }

  String stream() {
    return stream;
  }

  /** Where the bytes of an object are. */
  String chunks(String nuid) {
    return "$O." + bucket + ".C." + nuid;
  }

  String allChunks() {
    return chunks(">");
  }

  /** Which object a subject of bytes belongs to. */
  String nuidOf(String chunkSubject) {
    return chunkSubject.substring(chunks("").length());
  }

  /** Where the message is that makes an object visible. */
  String meta(String name) {
    return "$O."
        + bucket
        + ".M."
        + Base64.getUrlEncoder().encodeToString(name.getBytes(StandardCharsets.UTF_8));
  }

  String allMetas() {
    return "$O." + bucket + ".M.>";
  }

  String info() {
    return api + "STREAM.INFO." + stream;
  }

  /** Asks the stream's leader for a message. */
  String get() {
    return api + "STREAM.MSG.GET." + stream;
  }

  /** Asks any server that has the stream for a message. */
  String directGet() {
    return api + "DIRECT.GET." + stream;
  }

  String purge() {
    return api + "STREAM.PURGE." + stream;
  }

  String createConsumer(String consumer, String filter) {
    return api + "CONSUMER.CREATE." + stream + "." + consumer + "." + filter;
  }

  String consumerInfo(String consumer) {
    return api + "CONSUMER.INFO." + stream + "." + consumer;
  }
}
