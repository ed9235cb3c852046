/**
 * The replica {@code file}: a folder, on a local disk or a mounted one.
 *
 * <pre>{@code {"type": "file", "path": "/backups/app"}}</pre>
 *
 * <p>An object is a file whose path below the folder is its key. It is written to a staging file
 * directly in the folder, forced to the disk, and renamed into its place; then the folders above it
 * are forced too. A staging file's name is no valid key, so it is never listed; what a killed
 * process leaves of them is removed by a later put, while those of living processes are locked and
 * stay.
 *
 * <p>The folder itself is created by the first put if its parent exists, so that a disk that is not
 * mounted is not mistaken for an empty replica. Folders without objects are removed. Whatever else
 * lies in the folder is left alone.
 */
@NullMarked
package dev.stream.replica.file;

import org.jspecify.annotations.NullMarked;
