package dev.stream.core.artefact;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Artefacts that an earlier version wrote are read by this one. The files are never written again:
 * a new format version adds new ones. {@link #main} made them.
 */
final class GoldenArtefactsTest {

  private static final ArtefactHeader SNAPSHOT =
      new ArtefactHeader(
          ArtefactKind.SNAPSHOT,
          "0000019abcdef012-89abcdef",
          0,
          41,
          0,
          512,
          8,
          9,
          0,
          0xb7298cb0ac8af222L,
          "none",
          null,
          null,
          Instant.parse("2026-01-02T03:04:05.678Z"),
          Map.of("database", "sqlite", "position", "wal:1:2:ü"));

  private static final ArtefactHeader SEGMENT =
      new ArtefactHeader(
          ArtefactKind.SEGMENT,
          "0000019abcdef012-89abcdef",
          2,
          1000,
          41,
          65536,
          5,
          1_000_000,
          0x0123456789abcdefL,
          0xfedcba9876543210L,
          "none",
          6,
          20,
          Instant.parse("2026-01-02T03:05:00Z"),
          Map.of("firstCommitAt", "2026-01-02T03:04:06Z", "lastCommitAt", "2026-01-02T03:04:59Z"));

  @TempDir private Path folder;

  @Test
  void readsASnapshotOfVersion1() throws IOException {
    try (ArtefactReader reader = Artefacts.open(golden("snapshot-v1-none"))) {
      assertThat(reader.header()).isEqualTo(SNAPSHOT);
      assertThat(reader.blocks()).hasSize(1);
      assertPages(reader, pages(SNAPSHOT));
    }
  }

  @Test
  void readsASegmentOfVersion1() throws IOException {
    try (ArtefactReader reader = Artefacts.open(golden("segment-v1-none"))) {
      assertThat(reader.header()).isEqualTo(SEGMENT);
      assertThat(reader.blocks()).hasSize(2);
      assertPages(reader, pages(SEGMENT));
    }
  }

  @Test
  void writesWhatTheGoldenFilesHoldByteForByte() throws IOException {
    write(folder);

    for (String name : List.of("snapshot-v1-none", "segment-v1-none")) {
      assertThat(folder.resolve(name)).hasBinaryContent(golden(name));
    }
  }

  /** Writes the files into the folder that is given. */
  public static void main(String[] arguments) throws IOException {
    write(Path.of(arguments[0]));
  }

  private static void write(Path to) throws IOException {
    ArtefactHeader snapshot = SNAPSHOT.withTotals(ArtefactHeader.OPEN, 0);
    Artefacts.write(to.resolve("snapshot-v1-none"), snapshot, pages(SNAPSHOT), Artefacts.NONE);
    Artefacts.write(to.resolve("segment-v1-none"), SEGMENT, pages(SEGMENT), Artefacts.NONE);
  }

  private static SortedMap<Long, byte[]> pages(ArtefactHeader header) {
    long[] ids =
        header.kind() == ArtefactKind.SNAPSHOT
            ? new long[] {1, 2, 3, 5, 6, 7, 8, 9}
            : new long[] {1, 2, 200, 70_000, 1_000_000};
    SortedMap<Long, byte[]> pages = new TreeMap<>();
    for (long id : ids) {
      byte[] page = new byte[header.pageSize()];
      if (id != 5) {
        for (int i = 0; i < page.length; i++) {
          page[i] = (byte) (id * 31 + i * 7L + i / 251);
        }
      }
      pages.put(id, page);
    }
    return pages;
  }

  private static void assertPages(ArtefactReader reader, SortedMap<Long, byte[]> expected)
      throws IOException {
    SortedMap<Long, byte[]> actual = Artefacts.read(reader);
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    actual.forEach((id, page) -> assertThat(page).as("page %d", id).isEqualTo(expected.get(id)));
  }

  private static byte[] golden(String name) throws IOException {
    try (InputStream in = GoldenArtefactsTest.class.getResourceAsStream("/golden/" + name)) {
      assertThat(in).as("golden file %s", name).isNotNull();
      return in.readAllBytes();
    }
  }
}
