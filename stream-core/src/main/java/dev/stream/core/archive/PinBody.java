package dev.stream.core.archive;

import dev.stream.api.replica.ObjectBody;
import dev.stream.core.state.PinDescriptor;
import java.nio.charset.StandardCharsets;

/** What a pin says to people; nothing reads it, for its key says it all. */
final class PinBody {

  private PinBody() {}

  static ObjectBody of(PinDescriptor pin) {
    // None of the values has a character that JSON would have to escape.
    return ObjectBody.of(
        """
        {
          "pin": "%s",
          "generation": "%s",
          "txId": %d,
          "createdAt": "%s",
          "about": "a pin of Stream: what this state needs is kept; remove it with stream unpin"
        }
        """
            .formatted(pin.name(), pin.generation(), pin.txId(), pin.storedAt())
            .getBytes(StandardCharsets.US_ASCII));
  }
}
