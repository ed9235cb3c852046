package dev.stream.core.guard;

import dev.stream.core.shadow.LineageMark;
import dev.stream.core.upload.ReplicaUploader;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up what an operator accepts while Stream runs: that this database is what replicas get,
 * though something spoke against it. For use by one thread at a time.
 */
public final class OperatorAcceptance {

  private static final Logger LOG = LoggerFactory.getLogger(OperatorAcceptance.class);

  private final LineageMark mark;
  private final WriterConflicts conflicts;
  private final LineageGuard guard;
  private final StartCheck check;
  private final List<ReplicaUploader> uploaders;
  private final Consumer<String> notices;

  /**
   * An acceptance.
   *
   * @param mark where the operator leaves word
   * @param notices told if it was of no use
   */
  public OperatorAcceptance(
      LineageMark mark,
      WriterConflicts conflicts,
      LineageGuard guard,
      StartCheck check,
      List<ReplicaUploader> uploaders,
      Consumer<String> notices) {
    this.mark = mark;
    this.conflicts = conflicts;
    this.guard = guard;
    this.check = check;
    this.uploaders = uploaders;
    this.notices = notices;
  }

  /** Looks whether there is word. */
  public void acceptIfAsked() {
    if (!mark.isAccepted()) {
      return;
    }
    try {
      boolean any = conflicts.accept();
      any |= guard.accept();
      any |= check.accept();
      mark.clear(); // also if it was of no use: it must not accept what is yet to come
      if (any) {
        uploaders.forEach(ReplicaUploader::relist);
      } else {
        notices.accept(
            mark.acceptFile() + " was removed: nothing is held back that could be accepted");
      }
    } catch (IOException e) {
      LOG.warn("{} cannot be taken up: {}; Stream tries again", mark.acceptFile(), e.toString());
    }
  }
}
