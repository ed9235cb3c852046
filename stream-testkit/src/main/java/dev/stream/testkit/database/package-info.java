/** The contract test of paged databases, and an observer that replays what they deliver. */
@NullMarked
package dev.stream.testkit.database;

import org.jspecify.annotations.NullMarked;
