package dev.stream.api.database;

import java.io.IOException;

/**
 * The source gave an image up before it was read to its end, because holding it did harm, or
 * because its files were replaced. Nothing is wrong and nothing is lost: whoever needs an image
 * takes another one. The image is still to be closed.
 */
public class ImageGivenUpException extends IOException {

  private static final long serialVersionUID = 1L;

  /**
   * An image that was given up.
   *
   * @param message why, in words for whoever runs the application
   */
  public ImageGivenUpException(String message) {
    super(message);
  }
}
