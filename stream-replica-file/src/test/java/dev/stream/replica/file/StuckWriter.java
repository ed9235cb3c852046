package dev.stream.replica.file;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.Replica;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** A process that stops in the midst of a put, says so, and waits to be killed. */
final class StuckWriter {

  private StuckWriter() {}

  @SuppressWarnings("InputStreamSlowMultibyteRead")
  public static void main(String[] args) throws IOException {
    Replica replica = new FileReplicaProvider().open(new FileReplicaConfig(Path.of(args[0])));
    replica.put(
        new ObjectKey(args[1]),
        new ObjectBody() {
          @Override
          public long size() {
            return 1 << 20;
          }

          @Override
          public InputStream open() {
            return new InputStream() {
              private int position;

              @Override
              public int read() throws IOException {
                if (position++ == 600_000) {
                  System.out.println("half");
                  System.out.flush();
                  // Ends also if the test does, so that no process stays behind.
                  System.in.read();
                  throw new IOException("let go");
                }
                return 7;
              }
            };
          }
        });
  }
}
