package dev.stream.cli.inspect;

import dev.stream.cli.command.ReplicaReport;
import dev.stream.cli.command.ReportCommand;
import dev.stream.cli.option.ReplicaOptions;
import dev.stream.cli.output.JsonObject;
import dev.stream.cli.output.ValueFormat;
import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.chain.RestoreDecision;
import dev.stream.core.chain.RestorePlan;
import dev.stream.core.chain.RestorePlanner;
import dev.stream.core.config.CompactionConfig;
import dev.stream.core.config.ReplicaConfig;
import dev.stream.core.config.RetentionConfig;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.cost.DayEstimate;
import dev.stream.core.cost.DayOfReplication;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.state.RestoreTarget;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code stream cost}. */
@Command(
    name = "cost",
    description = {
      "Reports for each replica what replication costs: what is stored, which requests were made in"
          + " the last 24 hours, and what a restore of the newest state would read. For stores that"
          + " speak S3's protocol it also reports what a month of such days costs at the prices of"
          + " a few of them.",
      "",
      "This lists the replica and reads nothing else. Objects that were deleted within the day are"
          + " inferred from merged segments. Taxes, free allowances, old versions that a bucket"
          + " keeps, and requests of other commands are not included. Ends with 1 if a replica"
          + " cannot be listed."
    },
    footer = {
      "  stream cost --config stream.json",
      "  stream cost --config stream.json --replica offsite --json",
      "  stream cost --config stream.json --prices ours.json"
    })
public final class CostCommand extends ReportCommand {

  @Mixin private ReplicaOptions source = new ReplicaOptions();

  @Option(
      names = "--prices",
      paramLabel = "FILE",
      description =
          "The prices of your store, a JSON object: name, currency, asOf, source; storedGbMonth,"
              + " thousandPuts, thousandGets, thousandLists, thousandDeletes, downloadedGb.")
  private @Nullable Path prices;

  @Override
  protected int run() throws Exception {
    Path file = prices;
    PriceList own = file == null ? null : PriceList.read(file);
    ReplicaOptions.Chosen chosen = source.choose(PluginRegistry.discover());
    ReplicaReport report = new ReplicaReport(this, " cannot be listed");
    for (ReplicaConfig config : chosen.replicas()) {
      List<PriceList> lists =
          own != null ? List.of(own) : config.type().equals("s3") ? PriceList.known() : List.of();
      report.add(
          config,
          (replica, heading, entry) -> {
            ArchiveListing listing = new ReplicaArchive(replica).list();
            report(heading, listing, day(listing, chosen.config()), lists, entry);
          });
    }
    return report.finish();
  }

  private static DayOfReplication day(ArchiveListing listing, @Nullable StreamConfig config) {
    return DayEstimate.of(
        listing,
        config == null ? Duration.ofSeconds(1) : config.syncInterval(),
        config == null ? CompactionConfig.DEFAULTS.levels() : config.compaction().levels(),
        config == null
            ? RetentionConfig.DEFAULTS.checkInterval()
            : config.retention().checkInterval(),
        Instant.now());
  }

  private void report(
      String heading,
      ArchiveListing listing,
      DayOfReplication day,
      List<PriceList> lists,
      JsonObject entry) {
    PrintWriter out = out();
    List<ArtefactDescriptor> stored =
        listing.generations().stream()
            .flatMap(generation -> generation.artefacts().stream())
            .toList();
    long bytes = stored.stream().mapToLong(ArtefactDescriptor::size).sum();
    RestoreDecision decision = RestorePlanner.plan(listing, new RestoreTarget.Newest(null, false));
    RestorePlan plan = decision instanceof RestorePlan found ? found : null;
    entry.put("storedObjects", stored.size());
    entry.put("storedBytes", bytes);
    entry.put("day", tree(day));
    entry.put(
        "restore",
        plan == null ? null : Map.of("objects", objects(plan), "bytes", plan.totalBytes()));
    entry.put("prices", lists.stream().map(list -> tree(list, bytes, day, plan)).toList());
    if (json) {
      return;
    }
    out.println(heading);
    out.println(
        "  stored      "
            + ValueFormat.bytes(bytes)
            + " in "
            + ValueFormat.count(stored.size(), "object"));
    out.printf(
        "  last 24 h   %s stored, %s%s; %s of %s, %s, %s%n",
        ValueFormat.count(day.puts(), "object"),
        ValueFormat.bytes(day.bytesUp()),
        day.inferredPuts() == 0
            ? ""
            : " (" + ValueFormat.count(day.inferredPuts()) + " of them are deleted again)",
        ValueFormat.count(day.listings(), "listing"),
        ValueFormat.count(day.listRequests(), "request"),
        ValueFormat.count(day.gets(), "read"),
        ValueFormat.count(day.deletes(), "deletion"));
    out.println(
        plan == null
            ? "  a restore   of the newest state is not possible: 'stream list' says why"
            : "  a restore   of the newest state reads "
                + ValueFormat.bytes(plan.totalBytes())
                + " in "
                + ValueFormat.count(objects(plan), "object"));
    for (PriceList list : lists) {
      show(list, list.month(bytes, day));
      if (plan != null) {
        out.printf(
            "    a restore: %s %s%n",
            amount(list.restore(objects(plan), plan.totalBytes())), list.currency());
      }
    }
  }

  private void show(PriceList list, Map<String, Double> month) {
    List<String> parts =
        month.entrySet().stream()
            .map(part -> part.getKey() + " " + amount(part.getValue()))
            .toList();
    out()
        .printf(
            "  %s, %s: %s %s a month (%s)%n",
            list.name(),
            list.asOf(),
            amount(sum(month)),
            list.currency(),
            String.join(", ", parts));
  }

  private static long objects(RestorePlan plan) {
    return 1L + plan.segments().size();
  }

  private static double sum(Map<String, Double> month) {
    return month.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  private static String amount(double value) {
    return String.format(Locale.ROOT, value != 0 && value < 0.005 ? "%.4f" : "%.2f", value);
  }

  private static JsonObject tree(DayOfReplication day) {
    return new JsonObject()
        .with("puts", day.puts())
        .with("inferredPuts", day.inferredPuts())
        .with("bytesUp", day.bytesUp())
        .with("listings", day.listings())
        .with("listRequests", day.listRequests())
        .with("gets", day.gets())
        .with("deletes", day.deletes());
  }

  private static JsonObject tree(
      PriceList list, long bytes, DayOfReplication day, @Nullable RestorePlan plan) {
    JsonObject tree =
        new JsonObject()
            .with("name", list.name())
            .with("currency", list.currency())
            .with("asOf", list.asOf())
            .with("source", list.source());
    Map<String, Double> month = list.month(bytes, day);
    JsonObject parts = new JsonObject();
    month.forEach(parts::put);
    parts.put("sum", sum(month));
    tree.put("month", parts);
    tree.put("restore", plan == null ? null : list.restore(objects(plan), plan.totalBytes()));
    return tree;
  }
}
