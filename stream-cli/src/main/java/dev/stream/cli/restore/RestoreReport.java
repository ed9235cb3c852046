package dev.stream.cli.restore;

import dev.stream.cli.output.StateFormat;
import dev.stream.cli.output.ValueFormat;
import dev.stream.core.restore.RestorePreview;
import dev.stream.core.restore.RestoreState;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code stream restore} says in the end, to people and as JSON. */
final class RestoreReport {

  private RestoreReport() {}

  static void show(RestoreState state, PrintWriter out) {
    out.printf(
        "restored %s: %s, transaction %d of generation %s%n",
        state.path(), ValueFormat.bytes(state.fileSize()), state.txId(), state.generation());
    out.printf(
        "  from replica %s: %s%n  read: snapshot at transaction %d and %s, %s in %s%n",
        state.replica(),
        state.reason(),
        state.snapshotTxId(),
        ValueFormat.count(state.segments(), "segment"),
        ValueFormat.bytes(state.bytesFetched()),
        ValueFormat.duration(state.duration()));
    if (state.blocksReused() > 0) {
      out.printf(
          "  not fetched: %s (%s), which the old file had%n",
          ValueFormat.bytes(state.bytesReused()), ValueFormat.count(state.blocksReused(), "block"));
    }
    String at = ValueFormat.iso(state.committedAt());
    out.printf("  committed: %s%n", at == null ? "unknown" : at);
    if (state.after() != null) {
      out.printf("  the next state there is: %s%n", state.after());
    }
    out.printf(
        "  proven: database checksum %s over %s of %d bytes%s%n",
        ValueFormat.checksum(state.checksum()),
        ValueFormat.count(state.highWaterMark(), "page"),
        state.pageSize(),
        state.check() == null ? "" : "; the database's own check passed (" + state.check() + ")");
    state.warnings().forEach(warning -> out.println("  note: " + warning));
  }

  static Map<String, @Nullable Object> document(RestoreState state) {
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    document.put("restored", true);
    document.put("path", state.path().toString());
    document.put("replica", state.replica());
    document.put("reason", state.reason());
    document.put("generation", state.generation().value());
    document.put("txId", state.txId());
    document.put("committedAt", ValueFormat.iso(state.committedAt()));
    document.put("after", StateFormat.document(state.after()));
    document.put("checksum", ValueFormat.checksum(state.checksum()));
    document.put("pageSize", state.pageSize());
    document.put("pages", state.highWaterMark());
    document.put("size", state.fileSize());
    document.put("snapshotTxId", state.snapshotTxId());
    document.put("segments", state.segments());
    document.put("objectsFetched", state.objectsFetched());
    document.put("requests", state.requests());
    document.put("bytesFetched", state.bytesFetched());
    document.put("blocksReused", state.blocksReused());
    document.put("bytesReused", state.bytesReused());
    document.put("durationMillis", state.duration().toMillis());
    document.put("check", state.check());
    document.put("warnings", state.warnings());
    return document;
  }

  static void show(RestorePreview preview, PrintWriter out) {
    out.printf(
        "would restore %s: %s, transaction %d of generation %s%n",
        preview.path(),
        ValueFormat.bytes(preview.fileSize()),
        preview.txId(),
        preview.generation());
    out.printf(
        "  from replica %s: %s%n  would read: snapshot at transaction %d and %s, at most %s in about"
            + " %s%n",
        preview.replica(),
        preview.reason(),
        preview.snapshotTxId(),
        ValueFormat.count(preview.segments(), "segment"),
        ValueFormat.bytes(preview.bytes()),
        ValueFormat.count(preview.requests(), "request"));
    String at = ValueFormat.iso(preview.committedAt());
    out.printf("  committed: %s%n", at == null ? "unknown" : at);
    if (preview.after() != null) {
      out.printf("  the next state there is: %s%n", preview.after());
    }
    out.printf("  nothing was changed, and nothing of it is proven%n");
    preview.warnings().forEach(warning -> out.println("  note: " + warning));
  }

  static Map<String, @Nullable Object> document(RestorePreview preview) {
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    document.put("restored", false);
    document.put("dryRun", true);
    document.put("path", preview.path().toString());
    document.put("replica", preview.replica());
    document.put("reason", preview.reason());
    document.put("generation", preview.generation().value());
    document.put("txId", preview.txId());
    document.put("committedAt", ValueFormat.iso(preview.committedAt()));
    document.put("after", StateFormat.document(preview.after()));
    document.put("pageSize", preview.pageSize());
    document.put("pages", preview.highWaterMark());
    document.put("size", preview.fileSize());
    document.put("snapshotTxId", preview.snapshotTxId());
    document.put("segments", preview.segments());
    document.put("objects", preview.objects());
    document.put("requests", preview.requests());
    document.put("bytes", preview.bytes());
    document.put("warnings", preview.warnings());
    return document;
  }

  /** Nothing was to be done. */
  static Map<String, @Nullable Object> nothing(Path path, String reason) {
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    document.put("restored", false);
    document.put("path", path.toString());
    document.put("reason", reason);
    return document;
  }
}
