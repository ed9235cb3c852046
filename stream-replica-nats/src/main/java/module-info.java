/** The replica {@code nats}: a JetStream object store. */
@SuppressWarnings("requires-automatic")
module dev.stream.replica.nats {
  requires transitive dev.stream.api;
  requires io.nats.jnats;
  // What jnats uses, which as an automatic module cannot say so itself.
  requires java.logging;
  requires org.bouncycastle.provider;
  requires static com.google.auto.service;
  requires static org.jspecify;

  exports dev.stream.replica.nats;

  provides dev.stream.api.replica.ReplicaProvider with
      dev.stream.replica.nats.NatsReplicaProvider;
}
