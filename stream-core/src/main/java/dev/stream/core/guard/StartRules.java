package dev.stream.core.guard;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a start before the database is looked at.
 *
 * @param acceptNewGeneration whether the database may become the newest state of a replica that
 *     holds something else
 * @param databaseChangedAt when the database's files were last changed, before Stream opened them
 *     to follow them from outside; null if the application hands its database over
 * @param created whether there was no file before the application opened it
 */
public record StartRules(
    boolean acceptNewGeneration, @Nullable Instant databaseChangedAt, boolean created) {}
