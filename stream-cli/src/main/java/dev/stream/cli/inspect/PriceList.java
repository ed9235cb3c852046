package dev.stream.cli.inspect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.stream.cli.command.CommandFailure;
import dev.stream.cli.command.ErrorMessage;
import dev.stream.cli.output.Json;
import dev.stream.core.cost.DayOfReplication;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The prices of a store, as amounts of a currency. A GB is 10<sup>9</sup> bytes, and a month has 30
 * days.
 *
 * @param asOf when the prices were published
 * @param source where they were published
 */
record PriceList(
    String name,
    String currency,
    String asOf,
    String source,
    double storedGbMonth,
    double thousandPuts,
    double thousandGets,
    double thousandLists,
    double thousandDeletes,
    double downloadedGb) {

  private static final double GB = 1e9;
  private static final int DAYS = 30;
  private static final List<String> TEXTS = List.of("name", "currency", "asOf", "source");
  private static final List<String> NUMBERS =
      List.of(
          "storedGbMonth",
          "thousandPuts",
          "thousandGets",
          "thousandLists",
          "thousandDeletes",
          "downloadedGb");

  /** The price lists that come with Stream, for stores that speak S3's protocol. */
  static List<PriceList> known() {
    List<PriceList> lists = new ArrayList<>();
    for (String file : List.of("aws-s3", "cloudflare-r2", "backblaze-b2")) {
      try (InputStream in = PriceList.class.getResourceAsStream("prices/" + file + ".json")) {
        if (in == null) {
          throw new IllegalStateException("no price list " + file + " in the distribution");
        }
        lists.add(of(file, Json.mapper().readTree(in)));
      } catch (IOException | CommandFailure e) {
        throw new IllegalStateException("price list " + file, e);
      }
    }
    return lists;
  }

  /** Reads the price list in a file. */
  static PriceList read(Path file) throws CommandFailure {
    try {
      return of(file.toString(), Json.mapper().readTree(Files.readAllBytes(file)));
    } catch (JsonProcessingException e) {
      throw CommandFailure.usage(
          "--prices " + file + " is not JSON: " + e.getOriginalMessage() + place(e));
    } catch (IOException e) {
      throw CommandFailure.usage("--prices " + file + " cannot be read: " + ErrorMessage.of(e));
    }
  }

  private static String place(JsonProcessingException e) {
    return e.getLocation() == null ? "" : ", in line " + e.getLocation().getLineNr();
  }

  private static PriceList of(String from, @Nullable JsonNode tree) throws CommandFailure {
    List<String> problems = new ArrayList<>();
    if (tree == null || !tree.isObject()) {
      throw CommandFailure.usage("--prices " + from + " must be one JSON object");
    }
    for (Iterator<String> keys = tree.fieldNames(); keys.hasNext(); ) {
      String key = keys.next();
      if (!TEXTS.contains(key) && !NUMBERS.contains(key)) {
        problems.add(key + " is not a known key");
      }
    }
    Map<String, String> texts = new LinkedHashMap<>();
    for (String key : TEXTS) {
      JsonNode value = tree.path(key);
      if (!value.isTextual() || value.textValue().isBlank()) {
        problems.add(key + (value.isMissingNode() ? " is missing" : " must be a text"));
      }
      texts.put(key, value.asText());
    }
    List<Double> numbers = new ArrayList<>();
    for (String key : NUMBERS) {
      JsonNode value = tree.path(key);
      if (!value.isNumber() || value.doubleValue() < 0) {
        problems.add(
            key + (value.isMissingNode() ? " is missing" : " must be a number, not below 0"));
      }
      numbers.add(value.asDouble());
    }
    if (!problems.isEmpty()) {
      throw CommandFailure.usage(
          "--prices "
              + from
              + ": "
              + String.join("; ", problems)
              + ". The keys are "
              + String.join(", ", TEXTS)
              + " (texts) and "
              + String.join(", ", NUMBERS)
              + " (amounts)");
    }
    return new PriceList(
        texts.getOrDefault("name", ""),
        texts.getOrDefault("currency", ""),
        texts.getOrDefault("asOf", ""),
        texts.getOrDefault("source", ""),
        numbers.get(0),
        numbers.get(1),
        numbers.get(2),
        numbers.get(3),
        numbers.get(4),
        numbers.get(5));
  }

  /** What a month of such days costs, by purpose. */
  Map<String, Double> month(long storedBytes, DayOfReplication day) {
    Map<String, Double> month = new LinkedHashMap<>();
    month.put("stored", storedBytes / GB * storedGbMonth);
    month.put("puts", DAYS * day.puts() / 1e3 * thousandPuts);
    month.put("lists", DAYS * day.listRequests() / 1e3 * thousandLists);
    month.put("gets", DAYS * day.gets() / 1e3 * thousandGets);
    month.put("deletes", DAYS * day.deletes() / 1e3 * thousandDeletes);
    return month;
  }

  /** What one restore costs, read by one request for each object. */
  double restore(long objects, long bytes) {
    return objects / 1e3 * thousandGets + bytes / GB * downloadedGb;
  }
}
