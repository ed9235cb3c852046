package dev.stream.cli.operate;

import dev.stream.cli.command.CommandFailure;
import dev.stream.cli.option.NewGenerationOption;
import dev.stream.core.StreamController;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.plugin.PluginRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Captures a database in this process, for a command that finds no Stream which it could ask. */
final class OwnCapture {

  private OwnCapture() {}

  /**
   * Begins; the caller closes what is returned.
   *
   * @param missing how the sentence goes on that says that there is no database
   */
  static StreamController start(
      StreamConfig config, PluginRegistry plugins, NewGenerationOption accepted, String missing)
      throws IOException, CommandFailure {
    Path database = config.requireDatabase().path();
    if (Files.notExists(database)) {
      throw CommandFailure.failed("there is no database at " + database + missing);
    }
    StreamController controller =
        StreamController.builder()
            .config(config)
            .plugins(plugins)
            .acceptNewGeneration(accepted.accepted())
            .build();
    controller.start();
    return controller;
  }
}
