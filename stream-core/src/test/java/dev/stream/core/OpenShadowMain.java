package dev.stream.core;

import dev.stream.core.shadow.ShadowDirectory;
import java.io.IOException;
import java.nio.file.Path;

/** A second process that wants a shadow directory: ends with 3 if it is refused. */
final class OpenShadowMain {

  private OpenShadowMain() {}

  /** Takes the folder. */
  public static void main(String[] args) {
    try (ShadowDirectory directory = ShadowDirectory.open(Path.of(args[0]))) {
      System.out.println("opened " + directory.root());
    } catch (IOException e) {
      System.out.println(e.getMessage());
      System.exit(3);
    }
  }
}
