package org.example.stream.webdav;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the replica makes of answers that a server in good health does not give. */
@Timeout(60)
final class WebdavAnswersTest {

  private static final ObjectKey KEY = new ObjectKey("g/a");
  private static final String ROOT = collection("/dav/");
  private static final String FOLDER = collection("/dav/g/");
  private static final String FILE =
      response("/dav/g/a", "<d:getcontentlength>4</d:getcontentlength>");

  private static Replica replica(CannedServer server, Duration patience) {
    WebdavReplicaConfig config = new WebdavReplicaConfig(server.url(), null, null);
    return new WebdavReplica(new WebdavClient(config, patience));
  }

  private static Replica replica(CannedServer server) {
    return replica(server, Duration.ofSeconds(30));
  }

  private interface Attempt {
    void run() throws IOException;
  }

  private static ReplicaException failure(Attempt attempt) {
    return catchThrowableOfType(ReplicaException.class, attempt::run);
  }

  @ParameterizedTest
  @CsvSource({
    "401 Unauthorized, ACCESS_DENIED",
    "403 Forbidden, ACCESS_DENIED",
    "405 Method Not Allowed, REJECTED",
    "413 Content Too Large, REJECTED",
    "302 Found, REJECTED",
    "423 Locked, UNAVAILABLE",
    "429 Too Many Requests, UNAVAILABLE",
    "500 Internal Server Error, UNAVAILABLE",
    "503 Service Unavailable, UNAVAILABLE",
    "507 Insufficient Storage, UNAVAILABLE"
  })
  void statusHasItsReason(String status, Reason reason) throws Exception {
    try (CannedServer server = CannedServer.answering(status, "");
        Replica replica = replica(server)) {
      assertThat(failure(() -> replica.list("g/")).reason()).isEqualTo(reason);
      ReplicaException put = failure(() -> replica.put(KEY, new Content(new byte[10], 10)));
      assertThat(put.reason()).isEqualTo(reason);
      assertThat(put).hasMessageContainingAll("store g/a", server.url(), status.substring(0, 3));
      assertThat(failure(() -> replica.open(KEY, 0, 1).close()).reason()).isEqualTo(reason);
      assertThat(failure(() -> replica.delete(List.of(KEY))).reason()).isEqualTo(reason);
    }
  }

  @Test
  void serverWithoutRangesIsReadFromItsStart() throws Exception {
    try (CannedServer server = CannedServer.answering("200 OK", "0123456789");
        Replica replica = replica(server)) {
      try (InputStream in = replica.open(KEY, 3, 4)) {
        assertThat(in.readAllBytes()).asString().isEqualTo("3456");
      }
      try (InputStream in = replica.open(KEY, 10, 4)) {
        assertThat(in.readAllBytes()).isEmpty();
      }
      try (InputStream in = replica.open(KEY, 11, 4)) {
        assertThat(in.readAllBytes()).isEmpty();
      }
    }
  }

  @Test
  void rangeThatWasNotAskedForIsRefused() throws Exception {
    String status = "206 Partial Content\r\nContent-Range: bytes 0-9/20";
    try (CannedServer server = CannedServer.answering(status, "0123456789");
        Replica replica = replica(server)) {
      ReplicaException failure = failure(() -> replica.open(KEY, 10, 10).close());
      assertThat(failure.reason()).isEqualTo(Reason.REJECTED);
      assertThat(failure).hasMessageContaining("bytes 0-9/20");
    }
  }

  @Test
  void fileThatIsReplacedWhileItIsOpenedIsAskedForAgain() throws Exception {
    try (CannedServer server =
            CannedServer.answeringInTurn(
                part("\"former\"", "0123"), tagged("200 OK", "\"new\"", ""),
                part("W/\"new\"", "0123456789"), tagged("200 OK", "\"new\"", ""));
        Replica replica = replica(server);
        InputStream in = replica.open(KEY, 0, Long.MAX_VALUE)) {
      assertThat(in.readAllBytes()).asString().isEqualTo("0123456789");
    }
  }

  @Test
  void fileThatIsReplacedAgainAndAgainIsUnavailable() throws Exception {
    try (CannedServer server =
            CannedServer.answeringInTurn(
                part("\"former\"", "0123"), tagged("200 OK", "\"new\"", ""));
        Replica replica = replica(server)) {
      ReplicaException failure = failure(() -> replica.open(KEY, 0, 10).close());
      assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
      assertThat(failure).hasMessageContainingAll("read g/a", "its ETag changed");
    }
  }

  @Test
  void fileThatIsDeletedWhileItIsOpenedIsNotFound() throws Exception {
    try (CannedServer server =
            CannedServer.answeringInTurn(
                part("\"former\"", "0123"), tagged("404 Not Found", "\"page\"", ""));
        Replica replica = replica(server)) {
      assertThat(failure(() -> replica.open(KEY, 0, 10).close()).reason())
          .isEqualTo(Reason.NOT_FOUND);
    }
  }

  @Test
  void serverThatHasEtagsOnlyForGetIsBelieved() throws Exception {
    try (CannedServer server =
            CannedServer.answeringInTurn(part("\"a\"", "0123"), CannedServer.answer("200 OK", ""));
        Replica replica = replica(server);
        InputStream in = replica.open(KEY, 0, 10)) {
      assertThat(in.readAllBytes()).asString().isEqualTo("0123");
    }
  }

  @Test
  void fileThatIsStoredAnewRightAfterItWasDeletedIsAskedForAgain() throws Exception {
    try (CannedServer server =
            CannedServer.answeringInTurn(
                CannedServer.answer("403 Forbidden", ""), list(FILE),
                part("\"new\"", "0123"), tagged("200 OK", "\"new\"", ""));
        Replica replica = replica(server);
        InputStream in = replica.open(KEY, 0, 4)) {
      assertThat(in.readAllBytes()).asString().isEqualTo("0123");
    }
  }

  @Test
  void deletionThatSomebodyElseWonIsRepeatedForTheNextObjectOfTheName() throws Exception {
    try (CannedServer server =
            CannedServer.answeringInTurn(
                list(FILE), CannedServer.answer("403 Forbidden", ""),
                list(FILE), CannedServer.answer("204 No Content", ""));
        Replica replica = replica(server)) {
      replica.delete(List.of(KEY));
    }
  }

  private static String part(String tag, String body) {
    String status = "206 Partial Content\r\nContent-Range: bytes 0-" + (body.length() - 1) + "/";
    return tagged(status + body.length(), tag, body);
  }

  private static String tagged(String status, String tag, String body) {
    return CannedServer.answer(status + "\r\nETag: " + tag, body);
  }

  @Test
  void serverThatNeverAnswersIsUnavailable() throws Exception {
    try (CannedServer server = CannedServer.hangingAfter("");
        Replica replica = replica(server, Duration.ofMillis(200))) {
      assertThat(failure(() -> replica.list("")).reason()).isEqualTo(Reason.UNAVAILABLE);
    }
  }

  @Test
  void downloadThatStandsStillIsUnavailable() throws Exception {
    String head = "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-99/100\r\n";
    String beginning = head + "Content-Length: 100\r\n\r\n0123456789";
    try (CannedServer server = CannedServer.hangingAfter(beginning);
        Replica replica = replica(server, Duration.ofMillis(200));
        InputStream in = replica.open(KEY, 0, 100)) {
      assertThat(in.readNBytes(10)).asString().isEqualTo("0123456789");
      ReplicaException failure = failure(in::read);
      assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
      assertThat(failure).hasMessageContainingAll("read g/a", "nothing came for 200 ms");
    }
  }

  @Test
  void downloadThatIsCutOffIsUnavailable() throws Exception {
    String beginning = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789";
    try (CannedServer server = CannedServer.hangingAfter(beginning);
        Replica replica = replica(server);
        InputStream in = replica.open(KEY, 0, 100)) {
      assertThat(in.readNBytes(10)).hasSize(10);
      server.cut();
      assertThat(failure(in::read).reason()).isEqualTo(Reason.UNAVAILABLE);
    }
  }

  @Test
  void collectionThatIsMadeOrChangedWhileItIsListedIsAskedForAgain() throws Exception {
    String missing = CannedServer.answer("404 Not Found", "");
    try (CannedServer server =
            CannedServer.answeringInTurn(
                missing, list(ROOT), missing, list(ROOT), list(ROOT + FOLDER), list(FOLDER + FILE));
        Replica replica = replica(server);
        ObjectListing listing = replica.list("")) {
      assertThat(listing.next().key()).isEqualTo(KEY);
      assertThat(listing.hasNext()).isFalse();
    }
  }

  @Test
  void collectionThatChangesAgainAndAgainIsUnavailableRatherThanTakenAsEmpty() throws Exception {
    try (CannedServer server =
            CannedServer.answeringInTurn(CannedServer.answer("404 Not Found", ""), list(ROOT));
        Replica replica = replica(server)) {
      ReplicaException failure = failure(() -> replica.list(""));
      assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
      assertThat(failure).hasMessageContainingAll("list ''", "changed");
    }
  }

  @Test
  void listThatNamesForeignPathsIsRefusedRatherThanTakenAsEmpty() throws Exception {
    try (CannedServer server = CannedServer.answeringInTurn(list(collection("/elsewhere/")));
        Replica replica = replica(server)) {
      assertThat(failure(() -> replica.list("")).reason()).isEqualTo(Reason.REJECTED);
    }
  }

  @Test
  void listWithMemberThatServerCouldNotReadFails() throws Exception {
    String list =
        multistatus(
            "<d:response><d:href>/dav/g/</d:href><d:status>HTTP/1.1 403 Forbidden</d:status>"
                + "</d:response>");
    try (CannedServer server = CannedServer.answering("207 Multi-Status", list);
        Replica replica = replica(server)) {
      assertThat(failure(() -> replica.list("")))
          .hasMessageContainingAll("list ''", "/dav/g/", "403");
    }
  }

  @Test
  void listCannotMakeThisMachineReadItsFiles(@TempDir Path folder) throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "only-for-this-machine");
    String list =
        "<?xml version=\"1.0\"?><!DOCTYPE d:multistatus [<!ENTITY stolen SYSTEM \""
            + secret.toUri()
            + "\">]><d:multistatus xmlns:d=\"DAV:\"><d:response><d:href>/dav/&stolen;</d:href>"
            + "</d:response></d:multistatus>";
    try (CannedServer server = CannedServer.answering("207 Multi-Status", list);
        Replica replica = replica(server)) {
      ReplicaException failure = failure(() -> replica.list(""));
      assertThat(failure).hasMessageContaining("document type");
      assertThat(failure).hasMessageNotContaining("only-for-this-machine");
    }
  }

  private static String collection(String path) {
    return response(path, "<d:resourcetype><d:collection/></d:resourcetype>");
  }

  private static String response(String path, String properties) {
    return "<d:response><d:href>"
        + path
        + "</d:href><d:propstat><d:prop>"
        + properties
        + "<d:getlastmodified>Sat, 21 Nov 2026 12:28:53 GMT</d:getlastmodified>"
        + "</d:prop></d:propstat></d:response>";
  }

  private static String list(String responses) {
    return CannedServer.answer("207 Multi-Status", multistatus(responses));
  }

  private static String multistatus(String responses) {
    return "<?xml version=\"1.0\"?><d:multistatus xmlns:d=\"DAV:\">"
        + responses
        + "</d:multistatus>";
  }
}
