package dev.stream.core.follow;

import dev.stream.api.database.FollowedCopy;
import dev.stream.api.database.PageFrames;
import dev.stream.core.artefact.ArtefactHeader;
import dev.stream.core.artefact.CommitClock;
import dev.stream.core.read.PageChanges;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A newer state by segments, from the state that the copy is in. */
record FetchedChanges(PageChanges pages, CopyPosition to, String replica) implements FetchedState {

  static FetchedChanges of(PageChanges pages, CopyPosition from, String replica) {
    ArtefactHeader after = pages.after();
    CopyPosition to =
        new CopyPosition(
            from.generation(),
            after.txId(),
            after.checksum(),
            after.pageSize(),
            after.highWaterMark());
    return new FetchedChanges(pages, to, replica);
  }

  @Override
  public @Nullable Instant committedAt() {
    CommitClock clock = CommitClock.of(pages.after());
    return clock == null ? null : clock.lastCommitAt();
  }

  @Override
  public boolean isWhole() {
    return false;
  }

  @Override
  public PageFrames changes(FollowedCopy copy) {
    return pages.frames();
  }

  @Override
  public void close() throws IOException {
    pages.close();
  }
}
