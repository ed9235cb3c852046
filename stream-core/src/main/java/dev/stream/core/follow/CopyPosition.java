package dev.stream.core.follow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stream.core.read.PageChanges;
import dev.stream.core.state.GenerationId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which state a copy is in.
 *
 * @param generation its generation
 * @param txId its last transaction
 * @param checksum its database checksum
 * @param pageSize bytes per page
 * @param highWaterMark size in pages
 */
record CopyPosition(
    GenerationId generation, long txId, long checksum, int pageSize, long highWaterMark) {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  PageChanges.Base base() {
    return new PageChanges.Base(txId, checksum, pageSize, highWaterMark);
  }

  boolean isBefore(CopyPosition other) {
    int order = generation.compareTo(other.generation());
    return order < 0 || (order == 0 && txId < other.txId());
  }

  /** As it goes along with the copy: a line of JSON. */
  String note() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("generation", generation.value());
    json.put("txId", txId);
    json.put("checksum", Long.toHexString(checksum));
    json.put("pageSize", pageSize);
    json.put("highWaterMark", highWaterMark);
    try {
      return MAPPER.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The inverse of {@link #note}; null if it is none. */
  static @Nullable CopyPosition parse(String note) {
    try {
      JsonNode json = MAPPER.readTree(note);
      return new CopyPosition(
          new GenerationId(json.path("generation").asText()),
          json.path("txId").asLong(-1),
          Long.parseUnsignedLong(json.path("checksum").asText(), 16),
          json.path("pageSize").asInt(),
          json.path("highWaterMark").asLong());
    } catch (JsonProcessingException | IllegalArgumentException e) {
      return null;
    }
  }

  @Override
  public String toString() {
    return "transaction " + txId + " of generation " + generation;
  }
}
