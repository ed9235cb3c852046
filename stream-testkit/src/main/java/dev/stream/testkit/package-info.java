/** What the contract tests share: seeds and how much to do. */
@NullMarked
package dev.stream.testkit;

import org.jspecify.annotations.NullMarked;
