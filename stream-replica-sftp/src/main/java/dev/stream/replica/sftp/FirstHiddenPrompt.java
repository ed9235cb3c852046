package dev.stream.replica.sftp;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import net.schmizz.sshj.userauth.method.ChallengeResponseProvider;
import net.schmizz.sshj.userauth.password.Resource;

/**
 * Answers the first question whose answer is not to be seen with the password, whatever its
 * language, and all others with nothing. For one login.
 */
final class FirstHiddenPrompt implements ChallengeResponseProvider {

  private static final int LONGEST_QUOTE = 100;

  private final String password;
  private final List<String> unanswered = new CopyOnWriteArrayList<>();
  private volatile boolean answered;

  FirstHiddenPrompt(String password) {
    this.password = password;
  }

  @Override
  public List<String> getSubmethods() {
    return List.of();
  }

  /** A server may ask several times in one login, and then for a code, say, after the password. */
  @Override
  @SuppressWarnings("rawtypes")
  public void init(Resource resource, String name, String instruction) {}

  @Override
  public char[] getResponse(String prompt, boolean echo) {
    if (echo || answered) {
      unanswered.add(quoted(prompt));
      return new char[0];
    }
    answered = true;
    return password.toCharArray();
  }

  /** What the server asked that there was no answer to, in quotes, fit for a message. */
  List<String> unanswered() {
    return List.copyOf(unanswered);
  }

  /** A server's words must not break the lines of a log, or flood it. */
  private static String quoted(String prompt) {
    String line = prompt.replaceAll("\\p{Cntrl}+", " ").strip();
    return "'"
        + (line.length() > LONGEST_QUOTE ? line.substring(0, LONGEST_QUOTE) + "…" : line)
        + "'";
  }

  @Override
  public boolean shouldRetry() {
    return false;
  }

  @Override
  public String toString() {
    return "***";
  }
}
