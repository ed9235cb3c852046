package dev.stream.core.artefact;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The header as JSON, under the original's field names. */
final class HeaderJson {

  static final String MAGIC = "stream";

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private HeaderJson() {}

  static byte[] encode(ArtefactHeader header) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("magic", MAGIC);
    json.put("version", ArtefactFormat.VERSION);
    json.put("kind", header.kind().label());
    json.put("generation", header.generation());
    json.put("level", header.level());
    json.put("txId", header.txId());
    json.put("parentTxId", header.parentTxId());
    json.put("pageSize", header.pageSize());
    json.put("highWaterMark", header.highWaterMark());
    json.put("parentChecksum", Checksums.hex(header.parentChecksum()));
    if (!header.isOpen()) {
      json.put("pageCount", header.pageCount());
      json.put("checksum", Checksums.hex(header.checksum()));
    }
    json.put("compression", header.compression());
    if (header.compressionLevel() != null) {
      json.put("compressionLevel", header.compressionLevel());
    }
    if (header.compressionWindow() != null) {
      json.put("compressionWindow", header.compressionWindow());
    }
    json.put("createdAt", header.createdAt().toString());
    ObjectNode attributes = json.putObject("additionalAttrs");
    new TreeMap<>(header.additionalAttrs()).forEach(attributes::put);
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  static ArtefactHeader decode(byte[] bytes, int offset, int length, String artefact)
      throws ArtefactException {
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes, offset, length))
              .toString();
      return header(MAPPER.readTree(text));
    } catch (CharacterCodingException e) {
      throw corrupt(artefact, "not UTF-8", e);
    } catch (JsonProcessingException e) {
      throw corrupt(artefact, "not JSON: " + e.getOriginalMessage(), e);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw corrupt(artefact, String.valueOf(e.getMessage()), e);
    }
  }

  private static ArtefactHeader header(JsonNode json) {
    if (!text(json, "magic").equals(MAGIC) || integer(json, "version") != ArtefactFormat.VERSION) {
      throw new IllegalArgumentException("magic and version are not those before it");
    }
    boolean open = !json.has("pageCount") && !json.has("checksum");
    return new ArtefactHeader(
        kind(text(json, "kind")),
        text(json, "generation"),
        integer(json, "level"),
        number(json, "txId"),
        number(json, "parentTxId"),
        integer(json, "pageSize"),
        open ? ArtefactHeader.OPEN : count(json),
        number(json, "highWaterMark"),
        Checksums.parse(text(json, "parentChecksum")),
        open ? 0 : Checksums.parse(text(json, "checksum")),
        text(json, "compression"),
        optionalInteger(json, "compressionLevel"),
        optionalInteger(json, "compressionWindow"),
        Instant.parse(text(json, "createdAt")),
        attributes(json.path("additionalAttrs")));
  }

  private static ArtefactKind kind(String label) {
    for (ArtefactKind kind : ArtefactKind.values()) {
      if (kind.label().equals(label)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("kind is out of range: " + label);
  }

  private static long count(JsonNode json) {
    long count = number(json, "pageCount");
    if (count < 0) {
      throw new IllegalArgumentException("pageCount is out of range: " + count);
    }
    return count;
  }

  private static String text(JsonNode json, String key) {
    JsonNode value = json.path(key);
    if (!value.isTextual()) {
      throw new IllegalArgumentException(key + " is missing, or not a string");
    }
    return value.textValue();
  }

  private static long number(JsonNode json, String key) {
    JsonNode value = json.path(key);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw new IllegalArgumentException(key + " is missing, or not a whole number");
    }
    return value.longValue();
  }

  private static int integer(JsonNode json, String key) {
    long value = number(json, key);
    if ((int) value != value) {
      throw new IllegalArgumentException(key + " is out of range: " + value);
    }
    return (int) value;
  }

  private static @Nullable Integer optionalInteger(JsonNode json, String key) {
    return json.has(key) ? integer(json, key) : null;
  }

  private static Map<String, String> attributes(JsonNode json) {
    if (!json.isObject()) {
      throw new IllegalArgumentException("additionalAttrs is missing, or not an object");
    }
    Map<String, String> attributes = new TreeMap<>();
    json.fieldNames().forEachRemaining(name -> attributes.put(name, text(json, name)));
    return attributes;
  }

  private static ArtefactException corrupt(String artefact, String what, Exception cause) {
    ArtefactException failure = ArtefactException.corrupt(artefact, "the header: " + what);
    failure.initCause(cause);
    return failure;
  }
}
