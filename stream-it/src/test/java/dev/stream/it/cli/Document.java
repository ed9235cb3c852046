package dev.stream.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.it.Shipped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A document of the project.
 *
 * @param path its place in the project
 * @param text all of it
 */
record Document(Path path, String text) {

  private static final Pattern BLOCK = Pattern.compile("```(\\w+)\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern SPAN = Pattern.compile("`([^`\\n]+)`");

  /** What stands in it as code, in a language. */
  record Block(String language, String text) {}

  static Document of(String path) throws IOException {
    Path relative = Path.of(path);
    return new Document(relative, Files.readString(Shipped.PROJECT.resolve(relative)));
  }

  /** The documents in a folder. */
  static List<Document> in(String folder) throws IOException {
    List<Document> documents = new ArrayList<>();
    try (Stream<Path> files = Files.list(Shipped.PROJECT.resolve(folder))) {
      for (Path file : files.filter(one -> one.toString().endsWith(".md")).sorted().toList()) {
        documents.add(of(folder + "/" + file.getFileName()));
      }
    }
    assertThat(documents).isNotEmpty();
    return documents;
  }

  List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    for (Matcher block = BLOCK.matcher(text); block.find(); ) {
      blocks.add(new Block(block.group(1), block.group(2)));
    }
    return blocks;
  }

  /** The blocks of a language that hold a text, in their order. */
  List<String> blocks(String language, String holding) {
    List<String> blocks =
        blocks().stream()
            .filter(block -> block.language().equals(language) && block.text().contains(holding))
            .map(Block::text)
            .toList();
    assertThat(blocks).as(holding).isNotEmpty();
    return blocks;
  }

  /** What stands as code within the text. */
  List<String> spans() {
    return SPAN.matcher(BLOCK.matcher(text).replaceAll(""))
        .results()
        .map(span -> span.group(1))
        .toList();
  }
}
