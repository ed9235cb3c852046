package dev.stream.core.timeline;

import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.artefact.ArtefactHeader;
import dev.stream.core.artefact.ArtefactReader;
import dev.stream.core.artefact.CatchUpMark;
import dev.stream.core.artefact.CommitClock;
import dev.stream.core.read.ArtefactDamage;
import dev.stream.core.read.ChainException;
import dev.stream.core.read.OpenArtefact;
import dev.stream.core.retry.FailureText;
import dev.stream.core.state.GenerationId;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads from headers when states were committed, each once, in a small request. A header that is
 * damaged, or does not tell, is noted, and whoever asks has to go around it: then other states are
 * the neighbours.
 */
public final class CommitTimes {

  /** So many headers without use are no accident any more. */
  private static final int MAX_USELESS = 16;

  /** Reads one header. */
  public interface Headers {
    ArtefactHeader read(ArtefactDescriptor artefact) throws IOException;
  }

  /** A header turned out to be of no use: what was known of the states is out of date. */
  static final class UselessHeader extends Exception {
    private static final long serialVersionUID = 1L;

    private UselessHeader() {
      super("a header is of no use", null, false, false);
    }
  }

  /** With {@code equals} and {@code hashCode} written out, as {@link GenerationId} has them. */
  private record State(GenerationId generation, long txId) {

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof State state
          && txId == state.txId
          && generation.equals(state.generation);
    }

    @Override
    public int hashCode() {
      return 31 * generation.hashCode() + Long.hashCode(txId);
    }
  }

  private final Headers headers;
  private final Map<State, CommitClock> known = new HashMap<>();
  private final Map<State, CatchUpMark> catchUps = new HashMap<>();
  private final Map<ArtefactDescriptor, IOException> damaged = new HashMap<>();
  private final Set<State> untold = new HashSet<>();

  public CommitTimes(Headers headers) {
    this.headers = headers;
  }

  /** Reads from a replica. */
  static CommitTimes of(ReplicaArchive archive) {
    return new CommitTimes(artefact -> header(archive, artefact));
  }

  /** Reads one header from a replica, and holds it to the key under which it was found. */
  public static ArtefactHeader header(ReplicaArchive archive, ArtefactDescriptor artefact)
      throws IOException {
    String key = artefact.key().value();
    ArtefactHeader header =
        ArtefactReader.readHeader(archive.source(artefact.key(), artefact.size()), key);
    OpenArtefact.requireAsNamed(key, artefact, header);
    return header;
  }

  /** Whether an artefact may be of use: nothing wrong was found with it. */
  Predicate<ArtefactDescriptor> sound() {
    return artefact -> !damaged.containsKey(artefact);
  }

  /** Whether it is not known that no artefact tells when this state was committed. */
  boolean mayTell(GenerationId generation, long txId) {
    return !untold.contains(new State(generation, txId));
  }

  /** What is wrong with headers that were met; a sentence each. */
  List<String> problems() {
    return damaged.values().stream().map(FailureText::of).sorted().toList();
  }

  /** What was captured as one on the way to a state whose time is known; null for nothing. */
  @Nullable CatchUpMark catchUp(GenerationId generation, long txId) {
    return catchUps.get(new State(generation, txId));
  }

  /** When a state was committed, if that is known without asking. */
  @Nullable CommitClock known(GenerationId generation, long txId) {
    return known.get(new State(generation, txId));
  }

  /**
   * When a state was committed.
   *
   * @throws UselessHeader if a header that was read is of no use; look at everything anew
   * @throws IOException if the replica cannot be read, an artefact is gone, or too many headers are
   *     of no use
   */
  CommitClock of(GenerationListing generation, long txId) throws IOException, UselessHeader {
    State state = new State(generation.id(), txId);
    CommitClock time = known.get(state);
    if (time != null) {
      return time;
    }
    boolean useless = false;
    boolean silent = false;
    for (ArtefactDescriptor artefact : endingAt(generation, txId)) {
      try {
        ArtefactHeader header = headers.read(artefact);
        time = CommitClock.of(header);
        CatchUpMark catchUp = header.catchUp();
        if (catchUp != null) {
          catchUps.put(state, catchUp);
        }
        silent |= time == null;
      } catch (IOException e) {
        if (!ArtefactDamage.isDamage(e) || ArtefactDamage.isGone(e)) {
          throw e;
        }
        damaged.put(artefact, e);
        requireFew(e);
        useless = true;
      }
      if (time != null) {
        known.put(state, time);
        break;
      }
    }
    if (time == null && silent) {
      untold.add(state);
      requireFew(
          new ChainException(
              "artefacts of generation "
                  + generation.id()
                  + " do not say when their transactions were committed; name a transaction"
                  + " instead of a time"));
    }
    if (time == null || useless) {
      throw new UselessHeader();
    }
    return time;
  }

  private void requireFew(IOException failure) throws IOException {
    if (damaged.size() + untold.size() > MAX_USELESS) {
      throw failure;
    }
  }

  private static List<ArtefactDescriptor> endingAt(GenerationListing generation, long txId) {
    return generation.artefacts().stream()
        .filter(artefact -> artefact.lastTxId() == txId)
        .sorted(Comparator.comparingLong(ArtefactDescriptor::size))
        .toList();
  }
}
