/**
 * The database type {@code bolt}: follows a bolt file, as bbolt ({@code go.etcd.io/bbolt}) writes
 * it, from beside the program that writes it. The file is opened for reading only and never locked.
 *
 * <p>The format and the order in which a commit writes are those of bbolt 1.5.0, files {@code
 * internal/common/meta.go}, {@code page.go} and {@code bucket.go}, {@code tx.go}, {@code db.go} and
 * {@code internal/freelist/shared.go}. Bolt counts pages from 0, Stream from 1.
 */
@NullMarked
package dev.stream.source.bolt;

import org.jspecify.annotations.NullMarked;
