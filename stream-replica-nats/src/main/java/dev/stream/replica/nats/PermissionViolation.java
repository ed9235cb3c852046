package dev.stream.replica.nats;

import java.io.IOException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The server let us not publish or subscribe to a subject. */
final class PermissionViolation extends IOException {

  private static final long serialVersionUID = 1L;

  private static final Pattern TEXT =
      Pattern.compile(
          "permissions violation for (publish|subscription) to \"?([^\"\\s]+)\"?.*",
          Pattern.CASE_INSENSITIVE);

  private final String subject;
  private final boolean publish;

  private PermissionViolation(String subject, boolean publish, String text) {
    super(text);
    this.subject = subject;
    this.publish = publish;
  }

  /** Reads what servers send; null if it is another error. */
  static @Nullable PermissionViolation of(String error) {
    Matcher text = TEXT.matcher(error.strip().replaceAll("^'|'$", ""));
    if (!text.matches()) {
      return null;
    }
    boolean publish = text.group(1).toLowerCase(Locale.ROOT).equals("publish");
    return new PermissionViolation(text.group(2), publish, error);
  }

  String subject() {
    return subject;
  }

  /** True if publishing was refused, false if subscribing was. */
  boolean publish() {
    return publish;
  }
}
