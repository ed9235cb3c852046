package dev.stream.core.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Whether a database that is missing, or that its source finds defective, is restored before it is
 * opened, and where restores work.
 *
 * @param enabled off by default
 * @param targetPath the file that is looked for, and restored if it is missing, in the place of the
 *     database's own; also what {@code stream restore} restores to if not told otherwise. Null if
 *     that is not said, and for the automatic restore the same as the database's path
 * @param tempDir an existing folder in which a file is made that is being restored; null if that is
 *     not said: then beside its target, as what belongs to a copy that is followed always is
 * @param onUnreachable what happens if the file is missing and no replica can be asked for it; the
 *     start fails if that is not said
 */
public record RestoreConfig(
    boolean enabled,
    @Nullable Path targetPath,
    @Nullable Path tempDir,
    OnUnreachable onUnreachable) {

  /** No restore. */
  public static final RestoreConfig DEFAULTS = new RestoreConfig(false, null, null);

  /** With {@link OnUnreachable#FAIL}. */
  public RestoreConfig(boolean enabled, @Nullable Path targetPath, @Nullable Path tempDir) {
    this(enabled, targetPath, tempDir, OnUnreachable.FAIL);
  }
}
