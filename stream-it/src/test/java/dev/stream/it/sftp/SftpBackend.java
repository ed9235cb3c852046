package dev.stream.it.sftp;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.Replica;
import dev.stream.it.Await;
import dev.stream.it.backend.Backend;
import dev.stream.it.backend.Requests;
import dev.stream.it.server.RunningServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The replica {@code sftp} on OpenSSH's server; a place is a folder.
 *
 * <p>Requests are counted in the log of OpenSSH's {@code sftp-server}, which tells of every rename,
 * with which a put ends, and of every folder opened for reading.
 */
public final class SftpBackend implements Backend {

  private final SshdServer sshd;
  private final AtomicInteger marks = new AtomicInteger();

  private SftpBackend(SshdServer sshd) {
    this.sshd = sshd;
  }

  /** Starts the server. */
  public static SftpBackend start() throws Exception {
    return new SftpBackend(SshdServer.start());
  }

  @Override
  public String type() {
    return "sftp";
  }

  @Override
  public RunningServer server() {
    return sshd.server;
  }

  @Override
  public InetSocketAddress address() {
    return sshd.server.address(SshdRecipe.PORT);
  }

  @Override
  public Map<String, Object> config(String place, InetSocketAddress via) throws Exception {
    Access access = sshd.access(place);
    return Map.of(
        "host",
        via.getAddress().getHostAddress(),
        "port",
        via.getPort(),
        "user",
        access.user,
        "keyPath",
        access.keyPath.toString(),
        "path",
        access.path,
        "hostKeyFingerprint",
        access.hostKeyFingerprint);
  }

  @Override
  public List<String> secrets() {
    return List.of(SshdRecipe.PASSWORD, "PRIVATE KEY");
  }

  @Override
  public Requests requests() throws Exception {
    String log = logUpToNow();
    return new Requests(
        log.lines().filter(line -> givesName(line) && !line.contains("/marks/")).count(),
        log.lines()
            .filter(line -> line.contains("opendir \"") && !line.contains("/marks"))
            .count());
  }

  /** Whether an object got its name: one that must be new by a link, else by a rename. */
  private static boolean givesName(String line) {
    return line.contains("rename old \"") || line.contains("hardlink old \"");
  }

  /** The log takes its time: an object of our own in it says that all before is there. */
  private String logUpToNow() throws Exception {
    String name = "mark-" + marks.incrementAndGet();
    try (Replica replica = sshd.access("marks").open()) {
      replica.put(new ObjectKey(name), new Empty());
    }
    Await.until(
        "the log tells of " + name,
        () ->
            sshd.server
                .log()
                .lines()
                .anyMatch(line -> givesName(line) && line.contains("/marks/" + name + "\"")));
    return sshd.server.log();
  }

  private static final class Empty implements ObjectBody {

    @Override
    public long size() {
      return 0;
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream(new byte[0]);
    }
  }

  @Override
  public void close() throws IOException {
    sshd.close();
  }
}
