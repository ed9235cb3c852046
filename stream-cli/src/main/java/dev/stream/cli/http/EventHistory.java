package dev.stream.cli.http;

import dev.stream.core.event.StreamEvent;
import dev.stream.core.status.CatchUp;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last events that a person would want to know of. Safe for use by several threads. */
final class EventHistory {

  private static final int LONGEST = 100;

  /** Whether an event is bad news, good news or neither. */
  enum Tone {
    BAD,
    GOOD,
    NEUTRAL
  }

  /** One event, told. */
  record Told(Instant at, Tone tone, String text) {}

  private final Deque<Told> events = new ArrayDeque<>();
  private final Clock clock;

  EventHistory(Clock clock) {
    this.clock = clock;
  }

  /** Takes it up, unless it is one of the many that happen all the time. */
  void add(StreamEvent event) {
    Told told = told(event);
    if (told != null) {
      synchronized (this) {
        events.addLast(told);
        if (events.size() > LONGEST) {
          Told unused = events.removeFirst();
        }
      }
    }
  }

  /** All there are, the newest first. */
  synchronized List<Told> newestFirst() {
    List<Told> all = new ArrayList<>();
    events.descendingIterator().forEachRemaining(all::add);
    return all;
  }

  private Told bad(String text) {
    return new Told(clock.instant(), Tone.BAD, text);
  }

  private Told good(String text) {
    return new Told(clock.instant(), Tone.GOOD, text);
  }

  private Told neutral(String text) {
    return new Told(clock.instant(), Tone.NEUTRAL, text);
  }

  private @Nullable Told told(StreamEvent event) {
    if (event instanceof StreamEvent.GenerationBegan it) {
      return neutral(
          "generation "
              + it.generation()
              + (it.resumed() ? " goes on" : " begins")
              + " at transaction "
              + it.txId()
              + ": "
              + it.reason());
    }
    if (event instanceof StreamEvent.CaughtUp it) {
      return neutral(caughtUp(it.what()));
    }
    if (event instanceof StreamEvent.CapturePaused it) {
      return bad("capture is interrupted: " + it.message());
    }
    if (event instanceof StreamEvent.CaptureRecovered) {
      return good("capture works again");
    }
    if (event instanceof StreamEvent.WaitingForDatabase it) {
      return neutral("waiting for the application to create " + it.database());
    }
    if (event instanceof StreamEvent.Notice it) {
      return neutral(it.message());
    }
    return ofReplica(event);
  }

  private static String caughtUp(CatchUp what) {
    return (what.firstTxId() == what.txId()
            ? "what changed was captured as transaction " + what.txId()
            : "transactions " + what.firstTxId() + " to " + what.txId() + " were captured as one")
        + ": "
        + what.reason();
  }

  private @Nullable Told ofReplica(StreamEvent event) {
    if (event instanceof StreamEvent.ArtefactStored it
        && it.kind() == StreamEvent.Artefact.SNAPSHOT) {
      return neutral("replica " + it.replica() + " has a snapshot of transaction " + it.lastTxId());
    }
    if (event instanceof StreamEvent.ArtefactsDeleted it) {
      return neutral(
          "replica " + it.replica() + " deleted " + it.count() + " that nothing needs any more");
    }
    if (event instanceof StreamEvent.ReplicaFailing it) {
      return bad(it.message());
    }
    if (event instanceof StreamEvent.ReplicaRecovered it) {
      return good("replica " + it.replica() + " works again");
    }
    if (event instanceof StreamEvent.RetentionFailing it) {
      return bad(it.message());
    }
    if (event instanceof StreamEvent.RetentionRecovered it) {
      return good("replica " + it.replica() + " deletes again");
    }
    if (event instanceof StreamEvent.DataLossWindowExceeded it) {
      return bad(
          "replica " + it.replica() + " lags by more than " + it.threshold().toSeconds() + " s");
    }
    if (event instanceof StreamEvent.DataLossWindowRecovered it) {
      return good("replica " + it.replica() + " has caught up");
    }
    if (event instanceof StreamEvent.DrillPassed it) {
      return good(
          "the drill of replica "
              + it.replica()
              + " passed, through transaction "
              + it.proof().txId());
    }
    if (event instanceof StreamEvent.DrillFailed it) {
      return bad("the drill of replica " + it.replica() + " failed: " + it.problem());
    }
    if (event instanceof StreamEvent.HeldBack it) {
      return bad("held back from replica " + it.replica() + ": " + it.reason());
    }
    if (event instanceof StreamEvent.HeldBackOver it) {
      return good("nothing is held back from replica " + it.replica() + " any more");
    }
    return null;
  }
}
