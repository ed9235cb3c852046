package dev.stream.core.compact;

import dev.stream.core.artefact.ArtefactReader;
import dev.stream.core.artefact.PageRuns;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the pages of one part by ascending id; decodes a block only if a page is asked for.
 */
final class PartCursor {

  private final ArtefactReader reader;
  private final int age;
  private int block;
  private int run;
  private int inRun;
  private long id;
  private int decoded = -1;
  private byte @Nullable [] pages;

  /**
   * A cursor at the first page.
   *
   * @param age position among the parts, the oldest is 0
   */
  PartCursor(ArtefactReader reader, int age) {
    this.reader = reader;
    this.age = age;
    settle();
  }

  int age() {
    return age;
  }

  /** The current page; {@link Long#MAX_VALUE} past the last one. */
  long id() {
    return id;
  }

  void advance() {
    inRun++;
    PageRuns runs = reader.blocks().get(block).pages();
    if (inRun == runs.length(run)) {
      inRun = 0;
      run++;
      if (run == runs.runCount()) {
        run = 0;
        block++;
      }
    }
    settle();
  }

  private void settle() {
    if (block == reader.blocks().size()) {
      id = Long.MAX_VALUE;
      pages = null;
    } else {
      id = reader.blocks().get(block).pages().firstId(run) + inRun;
    }
  }

  /** The block that holds the current page; proven against its checksum. */
  byte[] bytes() throws IOException {
    byte[] current = pages;
    if (current == null) {
      current = new byte[reader.maxRawLength()];
      pages = current;
    }
    if (decoded != block) {
      decoded = -1;
      reader.readBlock(block, current);
      decoded = block;
    }
    return current;
  }

  /** Where the current page begins in {@link #bytes}. */
  int offset() {
    PageRuns runs = reader.blocks().get(block).pages();
    return (runs.position(run) + inRun) * reader.header().pageSize();
  }
}
