/**
 * Options that several sub-commands have.
 *
 * <p>Which configuration, which replicas, which generation and which moment does the user mean?
 * What enters turns words of the command line into values of the core, or refuses them with exit
 * code 2. An option of one sub-command stays in the room of that one. Begin reading at {@link
 * dev.stream.cli.option.ReplicaOptions}.
 */
@NullMarked
package dev.stream.cli.option;

import org.jspecify.annotations.NullMarked;
