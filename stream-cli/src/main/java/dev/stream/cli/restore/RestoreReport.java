package dev.stream.cli.restore;

import dev.stream.cli.output.JsonObject;
import dev.stream.cli.output.StateFormat;
import dev.stream.cli.output.ValueFormat;
import dev.stream.core.restore.RestorePreview;
import dev.stream.core.restore.RestoreState;
import dev.stream.core.state.ReachableState;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The report of {@code stream restore} at its end, as text and as JSON. */
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
    showCommit(state.committedAt(), state.after(), out);
    out.printf(
        "  proven: database checksum %s over %s of %d bytes%s%n",
        ValueFormat.checksum(state.checksum()),
        ValueFormat.count(state.highWaterMark(), "page"),
        state.pageSize(),
        state.check() == null ? "" : "; the database's own check passed (" + state.check() + ")");
    state.warnings().forEach(warning -> out.println("  note: " + warning));
  }

  private static void showCommit(
      @Nullable Instant committedAt, @Nullable ReachableState after, PrintWriter out) {
    out.println("  committed: " + (committedAt == null ? "unknown" : committedAt));
    if (after != null) {
      out.println("  the next state there is: " + after);
    }
  }

  static JsonObject document(RestoreState state) {
    return new JsonObject()
        .with("restored", true)
        .with("path", state.path().toString())
        .with("replica", state.replica())
        .with("reason", state.reason())
        .with("generation", state.generation().value())
        .with("txId", state.txId())
        .with("committedAt", ValueFormat.iso(state.committedAt()))
        .with("after", StateFormat.document(state.after()))
        .with("checksum", ValueFormat.checksum(state.checksum()))
        .with("pageSize", state.pageSize())
        .with("pages", state.highWaterMark())
        .with("size", state.fileSize())
        .with("snapshotTxId", state.snapshotTxId())
        .with("segments", state.segments())
        .with("objectsFetched", state.objectsFetched())
        .with("requests", state.requests())
        .with("bytesFetched", state.bytesFetched())
        .with("blocksReused", state.blocksReused())
        .with("bytesReused", state.bytesReused())
        .with("durationMillis", state.duration().toMillis())
        .with("check", state.check())
        .with("warnings", state.warnings());
  }

  static void show(RestorePreview preview, PrintWriter out) {
    out.printf(
        "would restore %s: %s, transaction %d of generation %s%n",
        preview.path(),
        ValueFormat.bytes(preview.fileSize()),
        preview.txId(),
        preview.generation());
    out.printf(
        "  from replica %s: %s%n  would read: snapshot at transaction %d and %s, at most %s in"
            + " about"
            + " %s%n",
        preview.replica(),
        preview.reason(),
        preview.snapshotTxId(),
        ValueFormat.count(preview.segments(), "segment"),
        ValueFormat.bytes(preview.bytes()),
        ValueFormat.count(preview.requests(), "request"));
    showCommit(preview.committedAt(), preview.after(), out);
    out.printf("  nothing was changed, and nothing of it is proven%n");
    preview.warnings().forEach(warning -> out.println("  note: " + warning));
  }

  static JsonObject document(RestorePreview preview) {
    return new JsonObject()
        .with("restored", false)
        .with("dryRun", true)
        .with("path", preview.path().toString())
        .with("replica", preview.replica())
        .with("reason", preview.reason())
        .with("generation", preview.generation().value())
        .with("txId", preview.txId())
        .with("committedAt", ValueFormat.iso(preview.committedAt()))
        .with("after", StateFormat.document(preview.after()))
        .with("pageSize", preview.pageSize())
        .with("pages", preview.highWaterMark())
        .with("size", preview.fileSize())
        .with("snapshotTxId", preview.snapshotTxId())
        .with("segments", preview.segments())
        .with("objects", preview.objects())
        .with("requests", preview.requests())
        .with("bytes", preview.bytes())
        .with("warnings", preview.warnings());
  }

  /** The document if there was nothing to do. */
  static JsonObject nothing(Path path, String reason) {
    return new JsonObject()
        .with("restored", false)
        .with("path", path.toString())
        .with("reason", reason);
  }
}
