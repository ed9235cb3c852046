package dev.stream.core.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;

/** Reads JSON strictly: no comments, no duplicate keys, nothing after the document. */
final class JsonText {

  /** Whoever gives a larger file meant another one, perhaps the database. */
  private static final long LARGEST = 1 << 20;

  private static final ObjectMapper MAPPER =
      new ObjectMapper(
          JsonFactory.builder()
              .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
              .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
              .build());

  private JsonText() {}

  static String read(Path file) throws ConfigException {
    try {
      if (Files.isDirectory(file)) {
        throw new ConfigException(file.toString(), "", "is a folder, not a configuration file");
      }
      if (Files.size(file) > LARGEST) {
        throw new ConfigException(
            file.toString(), "", "is larger than 1 MiB, and so no configuration file");
      }
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
              .toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (NoSuchFileException e) {
      throw new ConfigException(file.toString(), "", "does not exist");
    } catch (AccessDeniedException e) {
      throw new ConfigException(file.toString(), "", "may not be read by this user");
    } catch (CharacterCodingException e) {
      throw new ConfigException(file.toString(), "", "is not text in UTF-8");
    } catch (ConfigException e) {
      throw e;
    } catch (IOException e) {
      throw new ConfigException(
          file.toString(), "", "cannot be read: " + e.getClass().getSimpleName());
    }
  }

  static ObjectNode parse(String source, String text) throws ConfigException {
    try (JsonParser parser = MAPPER.createParser(text)) {
      try {
        JsonNode root = MAPPER.readTree(parser);
        if (root == null || root.isMissingNode()) {
          throw new ConfigException(source, "", "is empty; it must be a JSON object");
        }
        if (parser.nextToken() != null) {
          throw new ConfigException(
              source, "", "has something after the end of the JSON object" + place(parser));
        }
        if (root instanceof ObjectNode object) {
          return object;
        }
        throw new ConfigException(source, "", "must be a JSON object, in { and }");
      } catch (JsonProcessingException e) {
        // Jackson's messages quote the text, which may be a secret: none of them goes further.
        throw new ConfigException(
            source, path(parser.getParsingContext().pathAsPointer()), reason(e) + place(e));
      }
    } catch (ConfigException e) {
      throw e;
    } catch (IOException e) {
      throw new ConfigException(source, "", "cannot be read as JSON");
    }
  }

  private static String reason(JsonProcessingException e) {
    String message = Objects.toString(e.getOriginalMessage(), "");
    if (message.startsWith("Duplicate field")) {
      return "is given twice";
    }
    if (e instanceof JsonEOFException) {
      return "is not complete JSON: it ends too early; a brace, bracket or quote is not closed";
    }
    if (message.startsWith("Unexpected character ('/'")
        || message.startsWith("Unexpected character ('#'")) {
      return "is not valid JSON: comments are not allowed";
    }
    return "is not valid JSON; look for a missing quote or comma, or one too many";
  }

  private static String place(JsonProcessingException e) {
    return e.getLocation() == null
        ? ""
        : place(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
  }

  private static String place(JsonParser parser) {
    return place(
        parser.currentTokenLocation().getLineNr(), parser.currentTokenLocation().getColumnNr());
  }

  private static String place(int line, int column) {
    return " (line " + line + ", column " + column + ")";
  }

  private static String path(JsonPointer pointer) {
    String path = "";
    for (JsonPointer at = pointer; at != null && !at.matches(); at = at.tail()) {
      path =
          at.mayMatchElement()
              ? path + "[" + at.getMatchingIndex() + "]"
              : at.getMatchingProperty().isEmpty()
                  ? path
                  : ConfigDisplay.path(path, at.getMatchingProperty());
    }
    return path;
  }
}
