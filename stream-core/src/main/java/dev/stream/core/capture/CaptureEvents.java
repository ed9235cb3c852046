package dev.stream.core.capture;

import dev.stream.api.database.DatabaseImage;
import dev.stream.core.shadow.ClosedLog;
import dev.stream.core.shadow.GenerationStart;
import dev.stream.core.status.CatchUp;
import org.jspecify.annotations.Nullable;

/** What capture tells the rest, with its lock held: must return at once and call nothing back. */
public interface CaptureEvents {

  /** The active log has something to seal. */
  void appended();

  /** The source has seen commits that it will append; unlike the rest, without capture's lock. */
  void putOff();

  /** A log waits to be sealed. */
  void closed(ClosedLog log);

  /**
   * A generation begins. The flushes after {@code start.base()} belong to it.
   *
   * @param image what it begins with, to be closed by the callee; null if a snapshot must be taken
   */
  void began(GenerationStart start, @Nullable DatabaseImage image);

  /**
   * Transactions were captured as one; the generation goes on.
   *
   * @param alarming whether it shows a fault, since the source claimed that nothing was missing
   */
  void caughtUp(CatchUp catchUp, boolean alarming);

  /** Capture is interrupted. */
  void paused(String message);

  /** Capture works again. */
  void recovered();

  /** Something to know. */
  void notice(String message);

  /** Something an operator should look at, though capture goes on. */
  void warning(String message);
}
