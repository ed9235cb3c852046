package dev.stream.core.status;

import java.time.Instant;

/**
 * That transactions were captured as one: the source could not prove that it had seen them all, so
 * everything in which the database differed from the last state known was captured at once. No
 * state in between can be restored.
 *
 * @param generation the generation, which goes on
 * @param reason what could not be proven
 * @param since when the last state before was known to be the newest
 * @param at when it was captured
 * @param firstTxId the first of these transactions
 * @param txId the last of them, whose state can be restored
 * @param pages how many pages differed
 * @param bytes how many bytes that is
 */
public record CatchUp(
    String generation,
    String reason,
    Instant since,
    Instant at,
    long firstTxId,
    long txId,
    long pages,
    long bytes) {}
