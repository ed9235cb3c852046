/** Tests of what Stream is deployed with: its image, its package, its service, its manual. */
@NullMarked
package dev.stream.it.deploy;

import org.jspecify.annotations.NullMarked;
