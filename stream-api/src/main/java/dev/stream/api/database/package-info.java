/**
 * What is replicated: a database made of fixed-size pages whose commits can be observed.
 *
 * <p>Page ids start at 1: page {@code n} holds the bytes {@code [(n - 1) * pageSize, n * pageSize)}
 * of the database file, as in the SQLite file format.
 */
@NullMarked
package dev.stream.api.database;

import org.jspecify.annotations.NullMarked;
