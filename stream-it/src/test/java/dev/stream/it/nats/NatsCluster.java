package dev.stream.it.nats;

import dev.stream.it.Await;
import dev.stream.it.server.RunningServer;
import dev.stream.it.server.Servers;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Three servers, each with a copy of every bucket, that die and come back together. */
final class NatsCluster implements RunningServer {

  private static final int MEMBERS = 3;

  private final List<RunningServer> members = new ArrayList<>();

  private NatsCluster() {}

  static NatsCluster ofThree() throws Exception {
    NatsCluster cluster = new NatsCluster();
    try {
      cluster.add(Optional.empty());
      while (cluster.members.size() < MEMBERS) {
        cluster.add(Optional.of(cluster.members.get(0).address(ClusterMember.MEMBERS)));
      }
      return cluster;
    } catch (Throwable e) {
      cluster.close();
      throw e;
    }
  }

  private void add(Optional<InetSocketAddress> first) throws Exception {
    members.add(Servers.startProcess(new ClusterMember("member-" + members.size(), first)));
  }

  List<RunningServer> members() {
    return List.copyOf(members);
  }

  /** Makes a bucket of three copies, as soon as there is a leader who can. */
  void make(String bucket) throws Exception {
    Await.until("the cluster makes the bucket " + bucket, () -> isMade(bucket));
  }

  private boolean isMade(String bucket) throws Exception {
    try {
      Admin.make(NatsBackend.options(this), NatsBackend.bucket(bucket).replicas(MEMBERS));
      return true;
    } catch (JetStreamApiException | IOException e) {
      return false; // no leader yet
    }
  }

  @Override
  public String description() {
    return members.stream().map(RunningServer::description).collect(Collectors.joining(", "));
  }

  /** Where the first one is reached. */
  @Override
  public InetSocketAddress address(int declared) {
    return members.get(0).address(declared);
  }

  @Override
  public void kill() throws Exception {
    for (RunningServer member : members) {
      member.kill();
    }
  }

  @Override
  public void start() throws Exception {
    for (RunningServer member : members) {
      member.start();
    }
  }

  @Override
  public void pause() throws Exception {
    for (RunningServer member : members) {
      member.pause();
    }
  }

  @Override
  public void resume() throws Exception {
    for (RunningServer member : members) {
      member.resume();
    }
  }

  @Override
  public String log() throws Exception {
    StringBuilder log = new StringBuilder();
    for (RunningServer member : members) {
      log.append(member.log());
    }
    return log.toString();
  }

  @Override
  public void close() throws IOException {
    for (RunningServer member : members) {
      member.close();
    }
  }
}
