/**
 * What databases, replicas in folders and Stream itself need of the file system, and the JDK has
 * not.
 *
 * <p>How are names made durable, and is a disk this machine's own? Nothing that only one of them
 * needs enters. Begin reading at {@link dev.stream.api.file.Folders}.
 */
@NullMarked
package dev.stream.api.file;

import org.jspecify.annotations.NullMarked;
