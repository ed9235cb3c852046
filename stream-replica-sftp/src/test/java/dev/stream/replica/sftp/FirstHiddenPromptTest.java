package dev.stream.replica.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import net.schmizz.sshj.userauth.password.AccountResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FirstHiddenPromptTest {

  private final FirstHiddenPrompt prompts = new FirstHiddenPrompt("a-secret");

  @ParameterizedTest
  @ValueSource(strings = {"Password: ", "Passwort: ", "Mot de passe : ", "パスワード：", ""})
  void oneHiddenPromptIsAnsweredInAnyLanguage(String prompt) {
    assertThat(prompts.getResponse(prompt, false)).isEqualTo("a-secret".toCharArray());
  }

  @Test
  void thePasswordIsShownToNoOtherPrompt() {
    assertThat(prompts.getResponse("User name: ", true)).isEmpty();
    assertThat(prompts.getResponse("Password: ", false)).isEqualTo("a-secret".toCharArray());
    assertThat(prompts.getResponse("Code: ", false)).isEmpty();
    assertThat(prompts).asString().doesNotContain("a-secret");
  }

  @Test
  void thePasswordIsShownOnceInALoginHoweverOftenTheServerAsks() {
    prompts.init(new AccountResource("user", "host"), "", "");
    assertThat(prompts.getResponse("Password: ", false)).isEqualTo("a-secret".toCharArray());
    prompts.init(new AccountResource("user", "host"), "", "");
    assertThat(prompts.getResponse("Verification code: ", false)).isEmpty();
    assertThat(prompts.unanswered()).containsExactly("'Verification code:'");
  }

  @Test
  void whatIsNotAnsweredIsQuotedOnOneLine() {
    assertThat(prompts.getResponse("Your\r\n\u001b[31mname:", true)).isEmpty();
    assertThat(prompts.getResponse("x".repeat(1000), true)).isEmpty();
    assertThat(prompts.getResponse("Passwort: ", false)).isNotEmpty();
    assertThat(prompts.unanswered())
        .containsExactly("'Your [31mname:'", "'" + "x".repeat(100) + "…'");
  }
}
