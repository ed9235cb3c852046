package dev.stream.it.server;

import dev.stream.testkit.replica.Outage;

/** An outage as of a server that is killed, and started again. */
public record Killing(RunningServer server) implements Outage {

  @Override
  public void begin() throws Exception {
    server.kill();
  }

  @Override
  public void end() throws Exception {
    server.start();
  }
}
