package dev.stream.cli.output;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads JSON. This class is loaded only when JSON is needed, because that takes time.
 */
public final class Json {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  /** Maps, lists, texts, numbers, booleans and null, indented. */
  public static String text(Object tree) {
    StringWriter text = new StringWriter();
    write(tree, text);
    return text.toString();
  }

  /**
   * As {@link #text}, but written as it is made, with a line feed at the end. An {@link Iterable}
   * in it is gone through once, so that what is listed need not be in memory as a tree.
   */
  public static void print(Object tree, PrintWriter target) {
    write(tree, target);
    target.println();
  }

  private static void write(Object tree, Writer target) {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    try {
      MAPPER
          .writer(
              new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter))
          .without(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
          .writeValue(target, tree);
    } catch (IOException e) {
      throw new IllegalStateException("not a JSON tree: " + e.getMessage(), e);
    }
  }

  /** Reads JSON that Stream has written; null if the text is null. */
  public static @Nullable JsonNode tree(@Nullable String json) {
    try {
      return json == null ? null : MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not JSON: " + e.getOriginalMessage(), e);
    }
  }

  public static ObjectMapper mapper() {
    return MAPPER;
  }
}
