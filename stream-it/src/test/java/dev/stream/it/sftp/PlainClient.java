package dev.stream.it.sftp;

import java.io.IOException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.sftp.FileAttributes;
import net.schmizz.sshj.sftp.OpenMode;
import net.schmizz.sshj.sftp.RemoteFile;
import net.schmizz.sshj.sftp.RemoteResourceInfo;
import net.schmizz.sshj.sftp.SFTPClient;
import net.schmizz.sshj.transport.verification.PromiscuousVerifier;

/** Looks at what is on the server without the replica. */
final class PlainClient implements AutoCloseable {

  private final SSHClient ssh = new SSHClient();
  private final SFTPClient sftp;

  PlainClient(SshdServer sshd) throws Exception {
    Access access = sshd.access("");
    ssh.addHostKeyVerifier(new PromiscuousVerifier());
    ssh.connect(access.host, access.port);
    ssh.authPublickey(access.user, access.keyPath.toString());
    sftp = ssh.newSFTPClient();
  }

  /** The names in a folder, ascending. */
  List<String> names(String folder) throws IOException {
    return sftp.ls(folder).stream().map(RemoteResourceInfo::getName).sorted().toList();
  }

  void create(String path, Instant modifiedAt) throws IOException {
    try (RemoteFile file = sftp.open(path, EnumSet.of(OpenMode.CREAT, OpenMode.WRITE))) {
      file.write(0, new byte[10], 0, 10);
    }
    long seconds = modifiedAt.getEpochSecond();
    sftp.setattr(path, new FileAttributes.Builder().withAtimeMtime(seconds, seconds).build());
  }

  @Override
  public void close() throws IOException {
    sftp.close();
    ssh.close();
  }
}
