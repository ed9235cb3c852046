/** Tests of the whole: real SQLite, written by real processes, replicated and restored. */
@NullMarked
package dev.stream.it;

import org.jspecify.annotations.NullMarked;
