package dev.stream.replica.nats;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** The subjects of one bucket, as NATS's object store lays them out. */
final class Subjects {

  private static final String API = "$JS.API.";

  private final String bucket;
  private final String stream;

  Subjects(String bucket) {
    this.bucket = bucket;
    this.stream = "OBJ_" + bucket;
  }

  /** Patterns of all subjects that a replica publishes to. */
  static List<String> toPublish(String bucket) {
    String stream = "OBJ_" + bucket;
    return List.of(
        "$O." + bucket + ".>",
        API + "STREAM.INFO." + stream,
        API + "STREAM.MSG.GET." + stream,
        API + "STREAM.PURGE." + stream,
        API + "DIRECT.GET." + stream,
        API + "CONSUMER.CREATE." + stream + ".>",
        API + "CONSUMER.INFO." + stream + ".>",
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
    return API + "STREAM.INFO." + stream;
  }

  /** Asks the stream's leader for a message. */
  String get() {
    return API + "STREAM.MSG.GET." + stream;
  }

  /** Asks any server that has the stream for a message. */
  String directGet() {
    return API + "DIRECT.GET." + stream;
  }

  String purge() {
    return API + "STREAM.PURGE." + stream;
  }

  String createConsumer(String consumer, String filter) {
    return API + "CONSUMER.CREATE." + stream + "." + consumer + "." + filter;
  }

  String consumerInfo(String consumer) {
    return API + "CONSUMER.INFO." + stream + "." + consumer;
  }
}
