package dev.stream.it.sftp;

import dev.stream.it.backend.Backend;
import dev.stream.it.backend.Requests;
import dev.stream.it.server.RunningServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/** The replica {@code sftp} on a server other than OpenSSH's; nobody counts its requests. */
public final class OtherSftpBackend implements Backend {

  private final SftpServer.Running running;

  private OtherSftpBackend(SftpServer.Running running) {
    this.running = running;
  }

  /** Starts proftpd with mod_sftp. */
  public static OtherSftpBackend proftpd() throws Exception {
    return new OtherSftpBackend(SftpServer.PROFTPD.start());
  }

  /** Starts {@code rclone serve sftp}. */
  public static OtherSftpBackend rclone() throws Exception {
    return new OtherSftpBackend(SftpServer.RCLONE.start());
  }

  /** Starts SFTPGo. */
  public static OtherSftpBackend sftpgo() throws Exception {
    return new OtherSftpBackend(SftpServer.SFTPGO.start());
  }

  @Override
  public String type() {
    return "sftp";
  }

  @Override
  public RunningServer server() {
    return running.server;
  }

  @Override
  public InetSocketAddress address() {
    return running.server.address(SftpServer.PORT);
  }

  @Override
  public Map<String, Object> config(String place, InetSocketAddress via) throws Exception {
    Access access = running.access(place);
    return Map.of(
        "host",
        via.getAddress().getHostAddress(),
        "port",
        via.getPort(),
        "user",
        access.user,
        "password",
        access.password,
        "path",
        access.path,
        "hostKeyFingerprint",
        access.hostKeyFingerprint);
  }

  @Override
  public List<String> secrets() {
    return List.of(SshdRecipe.PASSWORD);
  }

  @Override
  public Requests requests() {
    throw new UnsupportedOperationException("nobody counts");
  }

  @Override
  public void close() throws IOException {
    running.close();
  }
}
