package dev.stream.it.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.it.Shell;
import dev.stream.it.Shipped;
import dev.stream.it.cli.StreamProcess;
import dev.stream.it.server.Servers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The package for Debian and Ubuntu: what is in it, and that it works where it is installed. */
final class DebianPackageIT {

  @TempDir Path folder;

  private Path deb;
  private Path root;
  private Path control;

  /** Taken apart without Debian's tools, which need not be here. */
  @BeforeEach
  void unpack() throws Exception {
    try (Stream<Path> files = Files.list(Shipped.PROJECT.resolve("stream-cli/target"))) {
      List<Path> found = files.filter(file -> file.toString().endsWith(".deb")).toList();
      assertThat(found).hasSize(1);
      deb = found.get(0);
    }
    root = Files.createDirectory(folder.resolve("root"));
    control = Files.createDirectory(folder.resolve("control"));
    try (InputStream file = Files.newInputStream(deb);
        ArArchiveInputStream members = new ArArchiveInputStream(file)) {
      ArArchiveEntry member = members.getNextEntry();
      assertThat(member.getName()).isEqualTo("debian-binary");
      for (member = members.getNextEntry(); member != null; member = members.getNextEntry()) {
        Path part = folder.resolve(member.getName());
        Files.copy(members, part);
        Path target = member.getName().startsWith("control") ? control : root;
        Shell.expect("tar", "-xf", part.toString(), "-C", target.toString());
      }
    }
  }

  private String mode(String file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve(file)));
  }

  @Test
  void itSaysWhatItIsAndNeeds() throws Exception {
    assertThat(Files.readString(control.resolve("control")))
        .contains(
            "Package: stream\n",
            "Version: " + Shipped.version("stream-cli").replace("-SNAPSHOT", "~SNAPSHOT") + "\n",
            "Architecture: all\n",
            "java17-runtime-headless");
    assertThat(Files.readString(control.resolve("conffiles")).strip())
        .isEqualTo("/etc/stream/environment");
    for (String script : List.of("postinst", "prerm", "postrm")) {
      assertThat(control.resolve(script)).isExecutable();
      Shell.expect("sh", "-n", control.resolve(script).toString());
    }
  }

  @Test
  void everythingIsInItsPlace() throws Exception {
    assertThat(mode("usr/lib/stream/bin/stream")).isEqualTo("rwxr-xr-x");
    assertThat(mode("usr/lib/stream/lib")).isEqualTo("rwxr-xr-x");
    assertThat(Files.readSymbolicLink(root.resolve("usr/bin/stream")))
        .isEqualTo(Path.of("../lib/stream/bin/stream"));
    for (String file :
        List.of(
            "etc/stream/environment",
            "lib/systemd/system/stream@.service",
            "usr/share/bash-completion/completions/stream",
            "usr/share/man/man1/stream.1",
            "usr/share/man/man1/stream-restore.1",
            "usr/share/doc/stream/copyright",
            "usr/share/doc/stream/NOTICE",
            "usr/share/doc/stream/examples/stream.json")) {
      assertThat(mode(file)).as(file).isEqualTo("rw-r--r--");
    }
    assertThat(Files.readString(root.resolve("lib/systemd/system/stream@.service")))
        .contains("ExecStart=/usr/bin/stream replicate");
  }

  @Test
  void whatItInstallsRuns() throws Exception {
    Map<String, String> java = Map.of("JAVA_HOME", System.getProperty("java.home"));
    try (StreamProcess plugins =
        StreamProcess.start(List.of(), java, root.resolve("usr/bin/stream"), "plugins")) {
      StreamProcess.Result result = plugins.await();
      assertThat(result.exit()).as(result.err()).isZero();
      assertThat(result.out()).contains("sqlite", "s3", "sftp", "nats", "/usr/lib/stream/lib/");
    }
  }

  private static final String LIFE =
      """
      set -eu
      dpkg -i /stream.deb >/dev/null
      test "$(stat -c '%U:%G %a' /etc/stream)" = 'root:stream 750'
      test "$(stat -c '%U:%G %a' /etc/stream/environment)" = 'root:stream 640'
      test "$(stat -c '%U:%G %a' /var/lib/stream)" = 'root:root 755'
      stream --version
      su -s /bin/sh stream -c 'stream plugins' | grep -c sqlite
      echo '#mine' >>/etc/stream/environment
      chmod 600 /etc/stream/environment
      dpkg -i /stream.deb >/dev/null
      grep -c '#mine' /etc/stream/environment
      test "$(stat -c '%a' /etc/stream/environment)" = 600
      touch /var/lib/stream/unsent
      dpkg -r stream >/dev/null
      test ! -e /usr/bin/stream
      test -e /etc/stream/environment
      dpkg -P stream
      test ! -e /etc/stream
      test -e /var/lib/stream/unsent
      echo whole
      """;

  @Test
  void isInstalledUsedUpgradedAndPurged() throws Exception {
    Optional<String> image = Servers.image("jre");
    Assumptions.assumeTrue(
        image.isPresent(), "no Docker runs here, or STREAM_TEST_SERVERS=processes leaves it alone");
    String output =
        Shell.expect(
            "docker",
            "run",
            "--rm",
            "--network=none",
            "--volume=" + deb + ":/stream.deb:ro",
            image.get(),
            "sh",
            "-c",
            LIFE);
    assertThat(output).contains("stream 0.", "it may hold commits", "whole");
  }
}
