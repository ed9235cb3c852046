package dev.stream.core.follow;

import dev.stream.api.database.FollowedCopy;
import dev.stream.api.database.PageFrames;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A newer state, fetched and proven, that the copy is yet to be changed into. It lies in a file
 * beside the copy until it is closed, so that readers who keep the copy from being changed cost no
 * replica anything.
 */
interface FetchedState extends AutoCloseable {

  /** What state it is. */
  CopyPosition to();

  /** The replica that it comes from. */
  String replica();

  /** When it was captured; null if not known. */
  @Nullable Instant committedAt();

  /** Whether it is all of the database, so that the copy may be in any state. */
  boolean isWhole();

  /** What makes the copy equal to it. */
  PageFrames changes(FollowedCopy copy) throws IOException;

  @Override
  void close() throws IOException;
}
