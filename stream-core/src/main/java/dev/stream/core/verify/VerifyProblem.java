package dev.stream.core.verify;

import org.jspecify.annotations.Nullable;

/**
 * Something that is not as it must be.
 *
 * @param key the artefact in question; null if it is about more than one or about a missing one
 * @param text what is wrong; a sentence
 */
public record VerifyProblem(@Nullable String key, String text) {

  @Override
  public String toString() {
    return text;
  }
}
