/**
 * The replica {@code sftp}: a folder on an SFTP server.
 *
 * <pre>{@code
 * {"type": "sftp", "host": "backup.example.com", "user": "replicator",
 *  "keyPath": "/etc/stream/sftp_key", "path": "backups/db"}
 * }</pre>
 *
 * <p>An object is a file whose path below the folder is its key. It is written to a staging file
 * directly in the folder, flushed to the server's disk where the server offers {@code
 * fsync@openssh.com}, and renamed into its place. SFTP has no way to flush a folder: that the name
 * itself survives a power loss of the server in the next few seconds is up to its file system. A
 * staging file's name is no valid key, so it is never listed; what a killed process leaves of them
 * is removed by another's first put, one hour after it was last written to.
 *
 * <p>Replacing an object needs {@code posix-rename@openssh.com}. On a server without it objects can
 * be stored once, as atomically, but a second put of a key is refused: to remove the former object
 * first would leave a moment, or after a crash for ever, without either.
 *
 * <p>What is missing of the path is created by the first put. Folders without objects are removed.
 * Symbolic links and whatever else lies in the folder are left alone and not listed.
 *
 * <p>The server's key is checked against {@code known_hosts} unless its fingerprint is configured.
 * Certificates of host keys are not supported, and neither is an SSH agent: the library behind this
 * plug-in cannot talk to one.
 */
@NullMarked
package dev.stream.replica.sftp;

import org.jspecify.annotations.NullMarked;
