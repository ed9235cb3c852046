/**
 * Parts that most replicas need, for whoever writes one: a backend may use them or leave them.
 *
 * <p>{@link dev.stream.api.replica.support.FolderListing} walks a store that lists folder by folder
 * in the order of keys, {@link dev.stream.api.replica.support.LookaheadListing} is the beginning of
 * any other listing, {@link dev.stream.api.replica.support.ExactBody} hands over exactly the bytes
 * that a body announces, {@link dev.stream.api.replica.support.RangeStream} is the beginning of a
 * stream that a reader gets, and {@link dev.stream.api.replica.support.ReplicaFailures} says what
 * failed. Nothing here knows of a protocol, and nothing here retries.
 */
@NullMarked
package dev.stream.api.replica.support;

import org.jspecify.annotations.NullMarked;
