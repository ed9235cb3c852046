package dev.stream.core.archive;

import dev.stream.api.replica.ObjectBody;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** What a pin says to people; nothing reads it, for its key says it all. */
record PinBody(String text) implements ObjectBody {

  static PinBody of(PinDescriptor pin) {
    // None of the values has a character that JSON would have to escape.
    return new PinBody(
        """
        {
          "pin": "%s",
          "generation": "%s",
          "txId": %d,
          "createdAt": "%s",
          "about": "a pin of Stream: what this state needs is kept; remove it with stream unpin"
        }
        """
            .formatted(pin.name(), pin.generation(), pin.txId(), pin.storedAt()));
  }

  @Override
  public long size() {
    return text.length();
  }

  @Override
  public InputStream open() {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }
}
