/** Contract tests and test doubles for the SPI. */
@NullMarked
package dev.stream.testkit;

import org.jspecify.annotations.NullMarked;
