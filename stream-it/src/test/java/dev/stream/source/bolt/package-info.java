/** The database {@code bolt} against the real bbolt; in its package, to end a capture unasked. */
package dev.stream.source.bolt;
