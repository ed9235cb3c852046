/**
 * What {@code stream replicate} shows over HTTP.
 *
 * <p>What does a browser or a monitoring system get, and who may ask? Everything here only reads,
 * and none of it is loaded unless it is asked for. Begin reading at {@link
 * dev.stream.cli.http.StatusServer}.
 */
@NullMarked
package dev.stream.cli.http;

import org.jspecify.annotations.NullMarked;
