package dev.stream.core.cost;

/**
 * What a running Stream asked of a replica within a day; requests of other commands are not in it.
 *
 * @param puts objects that were stored
 * @param inferredPuts those of them that are deleted again, of which merged segments tell
 * @param bytesUp their length; that of deleted ones is that of others like them
 * @param listings how often everything was listed
 * @param listRequests requests that this took, where one answers with a thousand objects
 * @param gets objects that were read: what tells who writes there, before stores; that and the mark
 *     with each listing
 * @param deletes requests to delete, each of a thousand objects at most
 */
public record DayOfReplication(
    long puts,
    long inferredPuts,
    long bytesUp,
    long listings,
    long listRequests,
    long gets,
    long deletes) {}
