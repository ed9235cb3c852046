package dev.stream.it.h2;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FileUtils;
import org.jspecify.annotations.Nullable;

/** What MVStore and H2's files do without a database. */
final class StoreScenarios {

  private StoreScenarios() {}

  static List<Scenario> all() {
    return List.of(
        new Scenario("store: put, commit, open again", StoreScenarios::again),
        new Scenario("store: not committed, closed at once", StoreScenarios::lost),
        new Scenario("store: rollback", StoreScenarios::rollback),
        new Scenario("store: compaction", StoreScenarios::compaction),
        new Scenario("store: compaction as a tool does it", StoreScenarios::copied),
        new Scenario("store: read-only", StoreScenarios::readOnly),
        new Scenario("store: encrypted", StoreScenarios::encrypted),
        new Scenario("store: written by itself", StoreScenarios::delay),
        new Scenario("store: opened twice", StoreScenarios::twice),
        new Scenario("store: places and damage", StoreScenarios::places),
        new Scenario("store: use after close, wrong use", StoreScenarios::misuse),
        new Scenario("store: maps made, renamed, removed", StoreScenarios::maps),
        new Scenario("files", StoreScenarios::files));
  }

  private static MVStore.Builder builder(Side side) {
    return new MVStore.Builder().fileName(side.name("s.mv")).autoCommitDisabled();
  }

  private static void fill(MVStore store, int from, int to) {
    MVMap<Integer, String> map = store.openMap("data");
    for (int i = from; i < to; i++) {
      map.put(i, "value " + i + "x".repeat(i % 50));
    }
  }

  private static void note(Side side, MVStore store) {
    for (String name : new java.util.TreeSet<>(store.getMapNames())) {
      MVMap<Integer, String> map = store.openMap(name);
      side.transcript()
          .note(name + " " + map.sizeAsLong() + " " + new TreeMap<>(map).toString().hashCode());
    }
    side.transcript()
        .note("version " + store.getCurrentVersion() + " unsaved " + store.hasUnsavedChanges());
  }

  /** Opens, notes, and closes, or notes why not. */
  private static void visit(Side side, MVStore.Builder builder) {
    MVStore store = tryOpen(side, builder);
    if (store != null) {
      note(side, store);
      side.transcript()
          .attempt(
              "close",
              () -> {
                store.close();
                return null;
              });
    }
  }

  private static @Nullable MVStore tryOpen(Side side, MVStore.Builder builder) {
    try {
      return builder.open();
    } catch (RuntimeException e) {
      side.transcript().note("refused");
      side.transcript().fail(e);
      return null;
    }
  }

  private static void again(Side side) throws Exception {
    try (MVStore store = builder(side).open()) {
      fill(store, 0, 1000);
      side.transcript().attempt("commit", store::commit);
      side.transcript().attempt("nothing to commit", store::commit);
      fill(store, 500, 700);
      note(side, store);
    }
    side.files();
    visit(side, builder(side));
  }

  private static void lost(Side side) {
    MVStore store = builder(side).open();
    fill(store, 0, 100);
    store.commit();
    fill(store, 100, 200);
    store.closeImmediately();
    visit(side, builder(side));
  }

  private static void rollback(Side side) {
    try (MVStore store = builder(side).open()) {
      fill(store, 0, 100);
      side.transcript().attempt("commit", store::commit);
      fill(store, 100, 200);
      store.rollback();
      note(side, store);
      fill(store, 200, 300);
      side.transcript().attempt("commit", store::commit);
      side.transcript()
          .attempt(
              "far back",
              () -> {
                store.rollbackTo(1);
                return null;
              });
      note(side, store);
      side.transcript()
          .attempt(
              "ahead",
              () -> {
                store.rollbackTo(99);
                return null;
              });
      note(side, store);
    }
    visit(side, builder(side));
  }

  private static void compaction(Side side) throws Exception {
    Path file = side.folder().resolve("s.mv");
    try (MVStore store = builder(side).open()) {
      store.setRetentionTime(0);
      for (int i = 0; i < 30; i++) {
        fill(store, 0, 1000);
        store.commit();
      }
      long before = Files.size(file);
      store.compactFile(5000);
      side.transcript().note("smaller " + (Files.size(file) < before / 2));
      side.transcript().attempt("compact", () -> store.compact(90, 1 << 20));
      note(side, store);
    }
    visit(side, builder(side));
  }

  private static void copied(Side side) throws Exception {
    try (MVStore store = builder(side).open()) {
      fill(store, 0, 1000);
    }
    side.transcript()
        .attempt(
            "compact to itself",
            () -> {
              org.h2.mvstore.MVStoreTool.compact(side.name("s.mv"), true);
              return null;
            });
    side.files();
    visit(side, builder(side));
  }

  private static void readOnly(Side side) {
    visit(side, builder(side).readOnly());
    try (MVStore store = builder(side).open()) {
      fill(store, 0, 100);
    }
    MVStore store = builder(side).readOnly().open();
    note(side, store);
    side.transcript()
        .attempt(
            "put",
            () -> {
              fill(store, 0, 1);
              return null;
            });
    side.transcript().attempt("commit", store::commit);
    store.close();
    visit(side, builder(side));
  }

  private static void encrypted(Side side) throws Exception {
    try (MVStore store = builder(side).encryptionKey("key".toCharArray()).open()) {
      fill(store, 0, 1000);
    }
    side.files();
    visit(side, builder(side).encryptionKey("key".toCharArray()));
    visit(side, builder(side).encryptionKey("wrong".toCharArray()));
    visit(side, builder(side));
  }

  private static void delay(Side side) throws Exception {
    MVStore store = new MVStore.Builder().fileName(side.name("s.mv")).open();
    side.transcript().note("delay " + store.getAutoCommitDelay());
    store.setAutoCommitDelay(20);
    fill(store, 0, 100);
    dev.stream.it.Await.until("it is written", () -> !store.hasUnsavedChanges());
    store.closeImmediately();
    try (MVStore again = builder(side).open()) {
      side.transcript().note("size " + again.openMap("data").size());
    }
  }

  private static void twice(Side side) {
    try (MVStore store = builder(side).open()) {
      fill(store, 0, 10);
      store.commit();
      visit(side, builder(side));
      visit(side, builder(side).readOnly());
    }
    MVStore reader = builder(side).readOnly().open();
    visit(side, builder(side).readOnly());
    visit(side, builder(side));
    reader.close();
  }

  private static void places(Side side) throws Exception {
    visit(side, new MVStore.Builder().fileName(side.name("missing/s.mv")));
    Files.createDirectory(side.folder().resolve("folder.mv"));
    visit(side, new MVStore.Builder().fileName(side.name("folder.mv")));
    Files.writeString(side.folder().resolve("text.mv"), "no store ".repeat(2000));
    visit(side, new MVStore.Builder().fileName(side.name("text.mv")));
    Files.write(side.folder().resolve("short.mv"), "H:2".getBytes(StandardCharsets.UTF_8));
    visit(side, new MVStore.Builder().fileName(side.name("short.mv")));
    Files.write(side.folder().resolve("empty.mv"), new byte[0]);
    visit(side, new MVStore.Builder().fileName(side.name("empty.mv")));
    side.files();
  }

  private static void misuse(Side side) {
    MVStore store = builder(side).open();
    fill(store, 0, 10);
    MVMap<Integer, String> map = store.openMap("data");
    side.transcript().attempt("null", () -> map.put(1, null));
    side.transcript().attempt("version", () -> map.openVersion(77));
    store.close();
    side.transcript().attempt("get", () -> map.get(1));
    side.transcript().attempt("put", () -> map.put(1, "x"));
    side.transcript().attempt("commit", store::commit);
    side.transcript().attempt("open", () -> store.openMap("other"));
    side.transcript()
        .attempt(
            "close",
            () -> {
              store.close();
              return null;
            });
  }

  private static void maps(Side side) {
    try (MVStore store = builder(side).open()) {
      fill(store, 0, 100);
      MVMap<Integer, String> other = store.openMap("other");
      other.put(1, "one");
      store.commit();
      store.renameMap(other, "renamed");
      store.removeMap("data");
      note(side, store);
      side.transcript()
          .attempt(
              "removed",
              () -> {
                store.removeMap("none");
                return null;
              });
      side.transcript()
          .attempt(
              "renamed",
              () -> {
                store.renameMap(other, "renamed");
                return null;
              });
    }
    visit(side, builder(side));
  }

  private static void files(Side side) throws Exception {
    Transcript transcript = side.transcript();
    String file = side.name("a.txt");
    transcript.attempt("exists", () -> FileUtils.exists(file));
    transcript.attempt("create", () -> FileUtils.createFile(file));
    transcript.attempt("create again", () -> FileUtils.createFile(file));
    transcript.attempt("name", () -> FileUtils.getName(file));
    transcript.attempt("parent", () -> FileUtils.getParent(file));
    transcript.attempt("real", () -> FileUtils.toRealPath(file));
    transcript.attempt("absolute", () -> FileUtils.isAbsolute(file));
    transcript.attempt("absolute name", () -> FileUtils.isAbsolute(side.scheme() + "a/b"));
    transcript.attempt("folder", () -> FileUtils.isDirectory(side.name("")));
    transcript.attempt("writable", () -> FileUtils.canWrite(file));
    transcript.attempt(
        "write",
        () -> {
          try (java.io.OutputStream out = FileUtils.newOutputStream(file, false)) {
            out.write(new byte[777]);
          }
          try (java.io.OutputStream out = FileUtils.newOutputStream(file, true)) {
            out.write(new byte[223]);
          }
          return FileUtils.size(file);
        });
    transcript.attempt(
        "read",
        () -> {
          try (java.io.InputStream in = FileUtils.newInputStream(file)) {
            return in.readAllBytes().length;
          }
        });
    transcript.attempt("missing", () -> FileUtils.newInputStream(side.name("missing")));
    transcript.attempt("size", () -> FileUtils.size(side.name("missing")));
    transcript.attempt(
        "move",
        () -> {
          FileUtils.move(file, side.name("b.txt"));
          return null;
        });
    transcript.attempt(
        "move missing",
        () -> {
          FileUtils.move(file, side.name("c.txt"));
          return null;
        });
    transcript.attempt(
        "folders",
        () -> {
          FileUtils.createDirectories(side.name("x/y"));
          return null;
        });
    transcript.attempt("list", () -> FileUtils.newDirectoryStream(side.name("")).size());
    transcript.attempt(
        "delete a full folder",
        () -> {
          FileUtils.delete(side.name("x"));
          return null;
        });
    transcript.attempt("temporary", () -> temporary(side));
    transcript.attempt("read-only", () -> FilePath.get(side.name("b.txt")).setReadOnly());
    transcript.attempt("try", () -> FileUtils.tryDelete(side.name("b.txt")));
    transcript.attempt(
        "all",
        () -> {
          FileUtils.deleteRecursive(side.name("x"), false);
          return null;
        });
    side.files();
  }

  private static String temporary(Side side) throws java.io.IOException {
    String name = FileUtils.createTempFile(side.name("t"), ".tmp", false);
    boolean there = FileUtils.exists(name);
    FileUtils.delete(name);
    return there + " " + name.substring(name.lastIndexOf('/')).replaceAll("[0-9.]{4,}", "#");
  }
}
