/**
 * Log lines as JSON.
 *
 * <p>How does a log line look to a program that collects them? Only loaded when that was asked for;
 * else SLF4J's simple logger prints text. Begin reading at {@link
 * dev.stream.cli.log.JsonLogProvider}.
 */
@NullMarked
package dev.stream.cli.log;

import org.jspecify.annotations.NullMarked;
