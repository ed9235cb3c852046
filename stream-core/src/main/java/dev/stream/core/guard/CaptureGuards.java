package dev.stream.core.guard;

/**
 * What capture asks before it goes on with what may not be the database that it knows.
 *
 * @param admission whether a generation may begin at the start
 * @param lineage whether what takes the database's place at run time is for the replicas
 * @param signature what the database was last known by
 */
public record CaptureGuards(Admission admission, LineageGuard lineage, LastSignature signature) {}
