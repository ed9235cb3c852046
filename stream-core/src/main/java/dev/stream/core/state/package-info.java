/**
 * States of a database, as people name them.
 *
 * <p>Which state is wanted, and which ones are there? Records without behaviour. Begin reading at
 * {@link dev.stream.core.state.RestoreTarget}.
 */
@NullMarked
package dev.stream.core.state;

import org.jspecify.annotations.NullMarked;
