/** The replica {@code sftp}: a folder on an SFTP server. */
@SuppressWarnings("requires-automatic")
module dev.stream.replica.sftp {
  requires transitive dev.stream.api;
  requires com.hierynomus.sshj;
  // What sshj needs, which it cannot say itself.
  requires org.bouncycastle.pkix;
  requires org.bouncycastle.provider;
  requires org.slf4j;
  requires static com.google.auto.service;
  requires static org.jspecify;

  exports dev.stream.replica.sftp;

  provides dev.stream.api.replica.ReplicaProvider with
      dev.stream.replica.sftp.SftpReplicaProvider;
}
