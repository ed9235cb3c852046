package dev.stream.core.timeline;

import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.chain.RestorePlanner;
import dev.stream.core.state.GenerationId;
import dev.stream.core.state.ReachableState;
import dev.stream.core.state.RestoreTarget;
import dev.stream.core.state.RestoreTarget.Moment;
import dev.stream.core.timeline.CommitTimes.UselessHeader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * When the states of a replica were committed. Names do not tell that, headers do: few of them are
 * read, by small requests, and none twice. Times are those of the capturing machine's clock; when
 * something was stored does not matter.
 *
 * <p>Damaged headers are gone around: what is built on them counts as missing. For one thread.
 */
public final class Timeline {

  private final ArchiveListing listing;
  private final CommitTimes times;
  private @Nullable List<RestorableStates> lines;

  public Timeline(ArchiveListing listing, CommitTimes times) {
    this.listing = listing;
    this.times = times;
  }

  /** A timeline of what is listed on a replica. */
  public static Timeline of(ReplicaArchive archive, ArchiveListing listing) {
    return new Timeline(listing, CommitTimes.of(archive));
  }

  /**
   * What can be had of a state that is named in any way: of a moment as {@link #at}, of others
   * without a request.
   *
   * @throws IOException if a header cannot be read, or too many are damaged
   */
  public TimelineAnswer find(RestoreTarget target) throws IOException {
    return target instanceof Moment moment
        ? at(moment)
        : new TimelineAnswer(RestorePlanner.plan(listing, target), null, null, null);
  }

  /**
   * What can be had of a moment. Takes at most a few requests, plus the logarithm of the number of
   * states, for each generation that is younger than the moment and for each time the clock was set
   * back since.
   *
   * @throws IOException if a header cannot be read, or too many are damaged
   */
  public TimelineAnswer at(Moment moment) throws IOException {
    GenerationId wanted = moment.generation();
    if (wanted != null && listing.generation(wanted).isEmpty()) {
      return new TimelineAnswer(RestorePlanner.unknown(wanted, listing), null, null, null);
    }
    return reading(
        all -> {
          List<RestorableStates> newestFirst =
              all.stream()
                  .filter(line -> wanted == null || line.generation().equals(wanted))
                  .toList();
          return new MomentSearch(newestFirst, moment.at()).run();
        });
  }

  /**
   * The state before one, perhaps of an earlier generation; without its time if its header is of no
   * use. Null if it is the oldest.
   *
   * @throws IOException if the header cannot be read
   */
  public @Nullable ReachableState before(GenerationId generation, long txId) throws IOException {
    return beside(generation, txId, -1);
  }

  /**
   * The state after one, perhaps of a later generation; without its time if its header is of no
   * use. Null if it is the newest.
   *
   * @throws IOException if the header cannot be read
   */
  public @Nullable ReachableState after(GenerationId generation, long txId) throws IOException {
    return beside(generation, txId, 1);
  }

  /**
   * What can be restored, of each generation that has something, from the oldest on. Takes about a
   * request for each compaction level in use and for each gap.
   *
   * @throws IOException if a header cannot be read, or too many are damaged
   */
  public List<ReachableRange> reach() throws IOException {
    return reading(
        all -> {
          List<ReachableRange> reach = new ArrayList<>();
          for (int i = all.size() - 1; i >= 0; i--) {
            if (all.get(i).size() > 0) {
              reach.add(new ReachableRanges(all.get(i)).read());
            }
          }
          return reach;
        });
  }

  /**
   * How often transactions of a generation were captured as one, so that states are lacking; as its
   * newest state says that can be restored, read by one request. Empty if there is none.
   *
   * @throws IOException if the header cannot be read, or too many are damaged
   */
  public OptionalInt catchUps(GenerationId generation) throws IOException {
    return reading(
        all -> {
          for (RestorableStates line : all) {
            if (line.generation().equals(generation) && line.size() > 0) {
              return OptionalInt.of(line.time(line.size() - 1).catchUps());
            }
          }
          return OptionalInt.empty();
        });
  }

  /** What is wrong with headers that were met so far; a sentence each. */
  public List<String> problems() {
    return times.problems();
  }

  private @Nullable ReachableState beside(GenerationId generation, long txId, int step)
      throws IOException {
    List<RestorableStates> newestFirst = lines();
    int at = 0;
    while (at < newestFirst.size() && !newestFirst.get(at).generation().equals(generation)) {
      at++;
    }
    if (at == newestFirst.size()) {
      return null;
    }
    RestorableStates line = newestFirst.get(at);
    int known = line.indexOf(txId);
    int wanted = known >= 0 ? known + step : -known - (step > 0 ? 1 : 2);
    while (wanted < 0 || wanted >= line.size()) {
      at -= step;
      if (at < 0 || at >= newestFirst.size()) {
        return null;
      }
      line = newestFirst.get(at);
      wanted = step > 0 ? 0 : line.size() - 1;
    }
    try {
      return line.timed(wanted);
    } catch (UselessHeader e) {
      lines = null;
      return line.state(wanted);
    }
  }

  /** What is listed, without what is known to be damaged. */
  public ArchiveListing sound() {
    return problems().isEmpty() ? listing : AlternativeOffer.listing(listing, times.sound());
  }

  private interface Reading<T extends @Nullable Object> {
    T from(List<RestorableStates> newestFirst) throws IOException, UselessHeader;
  }

  private <T extends @Nullable Object> T reading(Reading<T> reading) throws IOException {
    while (true) {
      try {
        return reading.from(lines());
      } catch (UselessHeader e) {
        lines = null;
      }
    }
  }

  private List<RestorableStates> lines() {
    List<RestorableStates> known = lines;
    if (known != null) {
      return known;
    }
    List<RestorableStates> newestFirst = new ArrayList<>();
    for (GenerationListing generation : RestorePlanner.newestFirst(listing)) {
      newestFirst.add(
          new RestorableStates(
              new GenerationListing(
                  generation.id(),
                  generation.snapshots().stream().filter(times.sound()).toList(),
                  generation.segments().stream().filter(times.sound()).toList()),
              times));
    }
    lines = newestFirst;
    return newestFirst;
  }
}
