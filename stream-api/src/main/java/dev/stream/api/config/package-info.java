/** Marks on the records that hold a plug-in's configuration. */
@NullMarked
package dev.stream.api.config;

import org.jspecify.annotations.NullMarked;
