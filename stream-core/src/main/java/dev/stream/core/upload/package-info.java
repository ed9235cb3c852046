/**
 * From the shadow directory to a replica.
 *
 * <p>What does a replica lack, in which order does it get it, and how does nobody's artefact take
 * the place of another's? Begin reading at {@link dev.stream.core.upload.ReplicaUploader}, then
 * {@link dev.stream.core.upload.UploadLane}.
 */
@NullMarked
package dev.stream.core.upload;

import org.jspecify.annotations.NullMarked;
