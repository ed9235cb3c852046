/**
 * Finding plug-ins.
 *
 * <p>Which replicas, codecs and databases are at hand, on the module path, the class path or in
 * layers that the application adds? Begin reading at {@link dev.stream.core.plugin.PluginRegistry}.
 */
@NullMarked
package dev.stream.core.plugin;

import org.jspecify.annotations.NullMarked;
