package dev.stream.core.guard;

/**
 * What a rehearsal of a start found.
 *
 * @param warns whether an operator should know it beforehand
 * @param text what it is, as a sentence without its full stop
 */
public record RehearsalFinding(boolean warns, String text) {}
