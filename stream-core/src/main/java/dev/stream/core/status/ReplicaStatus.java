package dev.stream.core.status;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where one replica stands.
 *
 * @param name its name in the configuration
 * @param store the store's own name
 * @param generation the newest generation of which it has an artefact, as far as is known
 * @param txId the last transaction to which it can be restored in that generation; -1 if not known
 * @param pendingArtefacts number of sealed artefacts it lacks
 * @param pendingBytes their length
 * @param lastError why it fails now; null if it does not
 * @param dataLossWindow age of the oldest commit it lacks
 */
public record ReplicaStatus(
    String name,
    String store,
    @Nullable String generation,
    long txId,
    int pendingArtefacts,
    long pendingBytes,
    @Nullable String lastError,
    Duration dataLossWindow) {}
