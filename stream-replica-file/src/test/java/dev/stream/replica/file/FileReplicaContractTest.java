package dev.stream.replica.file;

import dev.stream.api.replica.Replica;
import dev.stream.testkit.replica.Outage;
import dev.stream.testkit.replica.ReplicaContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

final class FileReplicaContractTest extends ReplicaContract {

  @TempDir Path folder;

  @Override
  protected Replica open() {
    return new FileReplicaProvider().open(new FileReplicaConfig(folder.resolve("replica")));
  }

  @Override
  protected Optional<Outage> outage() {
    Path root = folder.resolve("replica");
    Path aside = folder.resolve("aside");
    return Optional.of(
        new Outage() {
          @Override
          public void begin() throws Exception {
            Files.move(root, aside);
            Files.createFile(root);
          }

          @Override
          public void end() throws Exception {
            Files.delete(root);
            Files.move(aside, root);
          }
        });
  }

  @Override
  protected boolean mustCreateExclusively() {
    return true;
  }
}
