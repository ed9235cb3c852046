package dev.stream.replica.nats;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SubjectsTest {

  private final Subjects subjects = new Subjects("backups", null);

  @Test
  void subjectsAreThoseOfTheObjectStore() {
    assertThat(subjects.stream()).isEqualTo("OBJ_backups");
    assertThat(subjects.chunks("Abc123")).isEqualTo("$O.backups.C.Abc123");
    assertThat(subjects.nuidOf("$O.backups.C.Abc123")).isEqualTo("Abc123");
    assertThat(subjects.allMetas()).isEqualTo("$O.backups.M.>");
    assertThat(subjects.createConsumer("me", subjects.allMetas()))
        .isEqualTo("$JS.API.CONSUMER.CREATE.OBJ_backups.me.$O.backups.M.>");
  }

  @Test
  void requestsOfAnotherDomainNameIt() {
    Subjects hub = new Subjects("backups", "hub");
    assertThat(hub.info()).isEqualTo("$JS.hub.API.STREAM.INFO.OBJ_backups");
    assertThat(hub.toPublish())
        .contains("$O.backups.>", "$JS.hub.API.STREAM.PURGE.OBJ_backups", "$JS.FC.>")
        .noneMatch(subject -> subject.startsWith("$JS.API."));
    assertThat(hub.meta("a")).isEqualTo(subjects.meta("a"));
  }

  @Test
  void namesAreEncodedSoThatTheyAreOneToken() {
    assertThat(subjects.meta("a/b.c_d-e")).isEqualTo("$O.backups.M.YS9iLmNfZC1l");
    assertThat(subjects.meta("a")).isEqualTo("$O.backups.M.YQ==");
    assertThat(subjects.meta("a/~?")).isEqualTo("$O.backups.M.YS9-Pw==");
  }
}
