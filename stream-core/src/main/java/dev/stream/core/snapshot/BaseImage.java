package dev.stream.core.snapshot;

import dev.stream.api.database.DatabaseImage;
import dev.stream.core.shadow.GenerationStart;

/**
 * The image of which a generation's first snapshot is taken.
 *
 * @param start the generation
 * @param image of the state in which it begins
 */
record BaseImage(GenerationStart start, DatabaseImage image) {}
