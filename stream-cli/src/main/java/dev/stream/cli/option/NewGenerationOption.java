package dev.stream.cli.option;

import picocli.CommandLine.Option;

/** Whether a database may take the place of another one on a replica. */
public final class NewGenerationOption {

  @Option(
      names = "--accept-new-generation",
      description =
          "Let the database become the newest state of a replica that holds another one. That one"
              + " stays until its retention ends.")
  private boolean accept;

  public boolean accepted() {
    return accept;
  }
}
