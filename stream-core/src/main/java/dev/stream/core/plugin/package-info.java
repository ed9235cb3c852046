/**
 * Finds the plug-ins: replicas, codecs and databases, on the module path, the class path or in
 * layers that the application adds.
 */
@NullMarked
package dev.stream.core.plugin;

import org.jspecify.annotations.NullMarked;
