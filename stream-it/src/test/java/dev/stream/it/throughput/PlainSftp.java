package dev.stream.it.throughput;

import dev.stream.it.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/** OpenSSH's {@code sftp}. */
final class PlainSftp implements PlainClient {

  private final List<String> command;
  private final Path batch;
  private final String remote;

  PlainSftp(Map<String, Object> config, Path folder) throws IOException {
    // It refuses a key that others may read.
    Path key = Files.createTempFile(folder, "sftp", ".key");
    Files.copy(
        Path.of(PlainClient.text(config, "keyPath")), key, StandardCopyOption.REPLACE_EXISTING);
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    this.batch = folder.resolve("sftp.batch");
    this.remote = PlainClient.text(config, "path") + "-plain";
    this.command =
        List.of(
            "sftp",
            "-q",
            "-i",
            key.toString(),
            "-P",
            PlainClient.text(config, "port"),
            "-o",
            "UserKnownHostsFile=" + folder.resolve("known_hosts"),
            "-o",
            "StrictHostKeyChecking=accept-new",
            "-o",
            "IdentitiesOnly=yes",
            "-b",
            batch.toString(),
            PlainClient.text(config, "user") + "@" + PlainClient.text(config, "host"));
  }

  @Override
  public String description() {
    return "OpenSSH sftp, put and get";
  }

  @Override
  public void put(Path file) throws Exception {
    run("put " + file + " " + remote);
  }

  @Override
  public void get(Path file) throws Exception {
    run("get " + remote + " " + file);
  }

  @Override
  public void remove() throws Exception {
    run("rm " + remote);
  }

  private void run(String line) throws Exception {
    Files.writeString(batch, line + "\n");
    Shell.expect(command.toArray(new String[0]));
  }

  @Override
  public void close() {}
}
