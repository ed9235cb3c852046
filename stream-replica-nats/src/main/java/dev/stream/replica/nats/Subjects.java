package dev.stream.replica.nats;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The subjects of one bucket, as NATS's object store lays them out. */
final class Subjects {

  private static final String API = "$JS.API.";

  private final String bucket;
  private final String stream;

  Subjects(String bucket) {
    this.bucket = bucket;
    this.stream = "OBJ_" + bucket;
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
