package dev.stream.it.sftp;

import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaProvider;
import dev.stream.replica.sftp.HostKeyChecking;
import dev.stream.replica.sftp.SftpReplicaConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ServiceLoader;

/** A configuration to be changed by a test. */
final class Access {

  String host;
  Integer port;
  String user;
  String password;
  Path keyPath;
  String passphrase;
  String path;
  Path knownHosts;
  String hostKeyFingerprint;
  HostKeyChecking hostKeyChecking;
  Duration timeout = Duration.ofSeconds(10);

  Replica open() throws IOException {
    return provider()
        .open(
            new SftpReplicaConfig(
                host,
                port,
                user,
                password,
                keyPath,
                passphrase,
                path,
                knownHosts,
                hostKeyFingerprint,
                hostKeyChecking,
                timeout));
  }

  private static ReplicaProvider<SftpReplicaConfig> provider() {
    for (ReplicaProvider<?> provider : ServiceLoader.load(ReplicaProvider.class)) {
      if (provider.configType() == SftpReplicaConfig.class) {
        @SuppressWarnings("unchecked")
        ReplicaProvider<SftpReplicaConfig> found = (ReplicaProvider<SftpReplicaConfig>) provider;
        return found;
      }
    }
    throw new AssertionError("no replica sftp on the class path");
  }
}
