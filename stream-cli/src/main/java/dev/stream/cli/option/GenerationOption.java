package dev.stream.cli.option;

import dev.stream.cli.command.CommandFailure;
import dev.stream.core.state.GenerationId;
import org.jspecify.annotations.Nullable;

/** Reads the value of the option {@code --generation}. */
public final class GenerationOption {

  private GenerationOption() {}

  public static @Nullable GenerationId parse(@Nullable String text) throws CommandFailure {
    if (text == null) {
      return null;
    }
    try {
      return new GenerationId(text);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage(
          "--generation: " + e.getMessage() + "; 'stream list' shows which there are");
    }
  }
}
