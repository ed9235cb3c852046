package dev.stream.replica.sftp;

import java.util.List;
import net.schmizz.sshj.userauth.method.ChallengeResponseProvider;
import net.schmizz.sshj.userauth.password.Resource;

/**
 * Answers the first question whose answer is not to be seen with the password, whatever its
 * language, and all others with nothing. For one login at a time.
 */
final class FirstHiddenPrompt implements ChallengeResponseProvider {

  private final String password;
  private boolean answered;

  FirstHiddenPrompt(String password) {
    this.password = password;
  }

  @Override
  public List<String> getSubmethods() {
    return List.of();
  }

  @Override
  @SuppressWarnings("rawtypes")
  public void init(Resource resource, String name, String instruction) {
    answered = false;
  }

  @Override
  public char[] getResponse(String prompt, boolean echo) {
    if (echo || answered) {
      return new char[0];
    }
    answered = true;
    return password.toCharArray();
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
