/** The example of docs/SOURCES.md: a store of pages, and how it is proven. */
@NullMarked
package dev.stream.core.pagestore;

import org.jspecify.annotations.NullMarked;
