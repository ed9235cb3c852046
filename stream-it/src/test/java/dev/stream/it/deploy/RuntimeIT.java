package dev.stream.it.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.stream.it.ConfigFile;
import dev.stream.it.Shell;
import dev.stream.it.Shipped;
import dev.stream.it.cli.H2Shop;
import dev.stream.it.cli.StreamProcess;
import dev.stream.it.cli.StreamProcess.Result;
import dev.stream.it.cli.UpsidePlugin;
import dev.stream.it.server.Certificates;
import dev.stream.it.sftp.SftpBackend;
import java.io.FileInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The distribution with a Java of its own, unpacked where there is no other. */
final class RuntimeIT {

  private static final String PASSWORD = "changeit";

  @TempDir static Path unpacked;

  private static Path home;

  @TempDir Path folder;

  @BeforeAll
  static void unpack() throws Exception {
    String arch = System.getProperty("os.arch").equals("amd64") ? "x64" : "aarch64";
    Path whole = StreamProcess.distribution();
    Shell.expect("tar", "-xzf", whole + "-linux-" + arch + ".tar.gz", "-C", unpacked.toString());
    home = unpacked.resolve(whole.getFileName());
  }

  private BareMachine machine(String... variables) throws Exception {
    Map<String, String> set = new TreeMap<>();
    for (int i = 0; i < variables.length; i += 2) {
      set.put(variables[i], variables[i + 1]);
    }
    return BareMachine.in(Files.createDirectories(folder.resolve("programs")), set);
  }

  private static Path launcher() {
    return home.resolve("bin/stream");
  }

  private static String expect(BareMachine machine, String... args) throws Exception {
    Result result = machine.run(launcher(), args);
    assertThat(result.exit()).as(result.out() + result.err()).isZero();
    return result.out();
  }

  @Test
  void theVersionIsOfTheRuntimeWhateverElseIsInstalled() throws Exception {
    String version = System.getProperty("java.version"); // the build made it of the same JDK
    assertThat(expect(machine(), "--version")).startsWith("stream ").contains(version);
    assertThat(expect(machine("JAVA_HOME", "/no/java/here"), "--version")).contains(version);
    Path other = folder.resolve("programs/java");
    Files.writeString(other, "#!/bin/bash\nexit 9\n");
    assertThat(other.toFile().setExecutable(true)).isTrue();
    assertThat(expect(machine(), "--version")).contains(version);
    Result without = machine().run(StreamProcess.distribution().resolve("bin/stream"), "--version");
    assertThat(without.exit()).as("the distribution without a Java, here").isNotZero();
  }

  /** By sqlite3's own hand, to a folder and by SSH, with a heartbeat by TLS. */
  @Test
  void replicatesListsAndRestoresWhereThereIsNoJava() throws Exception {
    Path database = folder.resolve("app.db");
    sql(database, "PRAGMA journal_mode=WAL; CREATE TABLE t(a); INSERT INTO t VALUES('first')");
    Certificates certificates = Certificates.create();
    Path trusted = certificates.trustStore(folder.resolve("trusted.p12"), PASSWORD);
    String options =
        "-Djavax.net.ssl.trustStore=%s -Djavax.net.ssl.trustStorePassword=%s"
            .formatted(trusted, PASSWORD);
    CountDownLatch beats = new CountDownLatch(1);
    HttpsServer monitor =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    monitor.setHttpsConfigurator(new HttpsConfigurator(certificates.server()));
    monitor.createContext(
        "/beat",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
          beats.countDown();
        });
    monitor.start();
    try (SftpBackend sftp = SftpBackend.start()) {
      String url = "https://localhost:" + monitor.getAddress().getPort() + "/beat";
      String config =
          new ConfigFile(database, folder.resolve("shadow"))
              .set("heartbeat", Map.of("url", url, "interval", "100ms"))
              .set("http", Map.of("address", "0"))
              .replica("file", Map.of("path", folder.resolve("replica").toString()))
              .replica("sftp", sftp.config("runtime"))
              .write(folder.resolve("stream.json"))
              .toString();
      BareMachine machine = machine("STREAM_JAVA_OPTS", options);
      try (StreamProcess stream =
          machine.start(launcher(), "replicate", "--config", config).awaitReady()) {
        sql(database, "INSERT INTO t VALUES('second')");
        assertThat(beats.await(60, TimeUnit.SECONDS)).as(stream.err()).isTrue();
        Result ended = stream.terminate();
        assertThat(ended.exit()).as(ended.err()).isZero();
        assertThat(ended.err()).doesNotContain("heartbeat");
      }
      assertThat(expect(machine(), "list", "--config", config)).contains("file", "sftp");
      sql(database, "PRAGMA wal_checkpoint(TRUNCATE)");
      for (String replica : List.of("file", "sftp")) {
        Path restored = folder.resolve(replica + ".db");
        String output = restored.toString();
        expect(machine(), "restore", "--config", config, "--replica", replica, "-o", output);
        assertThat(Files.mismatch(database, restored)).as(replica).isEqualTo(-1);
      }
    } finally {
      monitor.stop(0);
    }
  }

  private static void sql(Path database, String statements) throws Exception {
    Shell.expect("sqlite3", "-cmd", ".timeout 10000", database.toString(), statements);
  }

  @Test
  void opensDatabasesOfH2() throws Exception {
    H2Shop shop = new H2Shop(folder);
    try (H2Shop open = shop.open()) {
      open.order();
    }
    Path restored = folder.resolve("restored.mv.db");
    String from = shop.replica.toString();
    assertThat(
            expect(machine(), "restore", "--from", from, "-o", restored.toString(), "--thorough"))
        .contains("the database's own check passed (h2, thorough)");
    assertThat(Files.mismatch(shop.database, restored)).isEqualTo(-1);
  }

  @Test
  void readsBoltFiles() throws Exception {
    Path database = folder.resolve("state.db");
    String written = "stream-source-bolt/src/test/resources/dev/stream/source/bolt/written.db.gz";
    try (InputStream file = new FileInputStream(Shipped.PROJECT.resolve(written).toFile());
        InputStream bytes = new GZIPInputStream(file)) {
      Files.copy(bytes, database);
    }
    String replica = folder.resolve("replica").toString();
    try (StreamProcess stream =
        machine().start(launcher(), "replicate", database.toString(), replica).awaitReady()) {
      Result ended = stream.terminate();
      assertThat(ended.exit()).as(ended.err()).isZero();
    }
    String restored = folder.resolve("restored.db").toString();
    assertThat(expect(machine(), "restore", "--from", replica, "-o", restored, "--thorough"))
        .contains("the database's own check passed (bolt, thorough)");
  }

  @Test
  void everyPlugInLoadsAsAModule() throws Exception {
    List<String> lines = expect(machine(), "plugins").lines().toList();
    assertThat(lines).noneMatch(line -> line.contains("BROKEN"));
    for (String type : List.of("bolt", "file", "h2", "nats", "s3", "sftp", "sqlite", "zstd")) {
      assertThat(lines).anyMatch(line -> line.matches("(codec|database|replica) +" + type + " .*"));
    }
  }

  /** Before there is an archive of Stream's own classes, too, the start is a quick one. */
  @Test
  void itsClassesAreArchivedAndAuthoritiesOfTlsAreKnown() throws Exception {
    Path log = folder.resolve("classes.txt");
    String options = "-Xshare:on -Xlog:class+load:file=" + log;
    expect(machine("STREAM_JAVA_OPTS", options), "--version");
    assertThat(Files.readString(log)).contains("java.lang.String source: shared objects file");
    Path authorities = home.resolve("runtime/lib/security/cacerts");
    assertThat(KeyStore.getInstance(authorities.toFile(), PASSWORD.toCharArray()).size())
        .isGreaterThan(50);
  }

  @ParameterizedTest
  @ValueSource(strings = {"java.net.http", "java.desktop"})
  void aPlugInOfOthersWorksIfTheRuntimeHasWhatItRequires(String module) throws Exception {
    Path copy = Files.createDirectory(folder.resolve("stream"));
    for (String part : List.of("lib", "native", "runtime")) {
      Files.createSymbolicLink(copy.resolve(part), home.resolve(part));
    }
    UpsidePlugin.jarRequiring(Files.createDirectory(copy.resolve("plugins")), module);
    Path bin = Files.createDirectory(copy.resolve("bin"));
    Files.copy(launcher(), bin.resolve("stream"));
    Result plugins = machine().run(bin.resolve("stream"), "plugins");
    if (StreamProcess.modulesOfRuntime().contains(module)) {
      assertThat(plugins.exit()).as(plugins.err()).isZero();
      assertThat(plugins.out()).contains("upside");
    } else {
      assertThat(plugins.exit()).isEqualTo(1);
      assertThat(plugins.err())
          .contains("Module " + module + " not found, required by org.example");
    }
  }
}
