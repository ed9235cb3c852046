package dev.stream.replica.sftp;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Semaphore;
import net.schmizz.sshj.sftp.FileAttributes;
import net.schmizz.sshj.sftp.FileMode;
import net.schmizz.sshj.sftp.SFTPException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A replica on an SFTP server; see the package. */
final class SftpReplica implements Replica {

  private static final Logger LOG = LoggerFactory.getLogger(SftpReplica.class);

  /** From here on, one channel of a long way would be the bottleneck. */
  private static final long LARGE = 4L << 20;

  /** Of 32 KiB each. */
  private static final int READ_AHEAD_BUDGET = 512;

  private final String name;
  private final Connections connections;
  private final RemoteFolders folders;
  private final Staging staging;
  private final Creation creation;
  private final Width width;
  private final SftpFailures failures;
  private final Semaphore readAhead = new Semaphore(READ_AHEAD_BUDGET);

  private SftpReplica(String name, SftpReplicaConfig config) {
    this.name = name;
    this.connections = new Connections(new Login(config));
    this.folders = new RemoteFolders(config.path());
    this.staging = new Staging(folders);
    this.creation = new Creation(name, folders);
    this.width = new Width(name);
    this.failures = new SftpFailures(name, config.path(), config.user());
  }

  static SftpReplica open(SftpReplicaConfig config) {
    String name = "sftp:" + config.user() + "@" + config.shown() + ":" + config.path();
    if (config.hostKeyChecking() == HostKeyChecking.INSECURE_ACCEPT_ANY) {
      LOG.warn(
          "{}: the server's key is not checked (hostKeyChecking is insecure-accept-any): anybody on"
              + " the way can pose as the server; set knownHosts or hostKeyFingerprint instead",
          name);
    }
    return new SftpReplica(name, config);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public ObjectInfo put(ObjectKey key, ObjectBody body) throws IOException {
    return store(key, body, false);
  }

  @Override
  public ObjectInfo create(ObjectKey key, ObjectBody body) throws IOException {
    return store(key, body, true);
  }

  @Override
  public boolean createsExclusively() {
    return creation.isExclusive();
  }

  private ObjectInfo store(ObjectKey key, ObjectBody body, boolean anew) throws IOException {
    try {
      if (body.size() < LARGE) {
        return store(key, body, anew, false);
      }
      if (width.maySeveral()) {
        return storeThroughSeveral(key, body, anew);
      }
      ObjectInfo stored = store(key, body, anew, false);
      width.oneWorked();
      return stored;
    } catch (IOException e) {
      staging.sweepAgain();
      throw failures.typed("store " + key, e);
    }
  }

  /**
   * Where the server fails at that, through one: not the same again, but what it may be able to.
   */
  private ObjectInfo storeThroughSeveral(ObjectKey key, ObjectBody body, boolean anew)
      throws IOException {
    IOException failure;
    try {
      ObjectInfo stored = store(key, body, anew, true);
      width.severalWorked();
      return stored;
    } catch (IOException e) {
      if (!Width.mayBeToBlame(e)) {
        throw e;
      }
      if (!Width.mayTryAgainAtOnce(e)) {
        width.broke(e);
        throw e;
      }
      failure = e;
    }
    try {
      ObjectInfo stored = store(key, body, anew, false);
      width.onlyOneWorked(failure);
      return stored;
    } catch (IOException e) {
      e.addSuppressed(failure);
      throw e;
    }
  }

  private ObjectInfo store(ObjectKey key, ObjectBody body, boolean anew, boolean several)
      throws IOException {
    SshConnection connection = connections.current();
    try (SshConnection.Lease lease = several ? connection.leaseAll() : connection.lease()) {
      if (anew) {
        // Before the whole body is written for nothing.
        creation.requireAbsent(lease.channel(), key, null);
      }
      try {
        return store(lease.channels(), key, body, anew);
      } catch (IOException e) {
        if (several && Width.mayBeToBlame(e)) {
          lease.avoid();
        }
        throw e;
      }
    }
  }

  private ObjectInfo store(List<SftpChannel> channels, ObjectKey key, ObjectBody body, boolean anew)
      throws IOException {
    SftpChannel first = channels.get(0);
    Staging.File staged = staging.create(first, key);
    boolean done = false;
    try {
      FileAttributes attributes = fill(channels, staged, key, body);
      if (anew) {
        creation.publish(first, staged.path(), key);
        staging.forget(first, staged.path());
      } else {
        folders.publish(first, staged.path(), key);
      }
      done = true;
      return new ObjectInfo(key, attributes.getSize(), RemoteTime.of(attributes));
    } catch (IOException e) {
      throw SftpFailures.isVague(e) && first.isFull(folders.path(""))
          ? failures.full("store " + key, e)
          : e;
    } finally {
      if (!done) {
        abandon(first, staged);
      }
    }
  }

  private FileAttributes fill(
      List<SftpChannel> channels, Staging.File staged, ObjectKey key, ObjectBody body)
      throws IOException {
    SftpChannel first = channels.get(0);
    Samples samples = body.size() >= LARGE ? Samples.of(body.size()) : Samples.none();
    Upload upload =
        new Upload(
            staged.path(), first, staged.handle(), channels.subList(1, channels.size()), samples);
    boolean done = false;
    try (Body content = Body.open(key, body)) {
      FileAttributes attributes = upload.run(content);
      if (attributes.getSize() != body.size()) {
        throw new IOException(
            "the file on the server has " + attributes.getSize() + " bytes, not " + body.size());
      }
      // It is closed.
      done = true;
      samples.check(first, staged.path());
      return attributes;
    } finally {
      if (!done) {
        upload.abandon();
      }
    }
  }

  private void abandon(SftpChannel channel, Staging.File staged) {
    try {
      staging.abandon(channel, staged);
    } catch (IOException e) {
      LOG.debug("{}: {} is left for later", name, staged.path(), e);
    }
  }

  @Override
  public InputStream open(ObjectKey key, long offset, long length) throws IOException {
    String doing = "read " + key;
    SshConnection.Lease lease = null;
    boolean done = false;
    try {
      lease = connections.current().lease();
      InputStream stream = open(lease, key, offset, length);
      done = true;
      return stream;
    } catch (SFTPException e) {
      throw SftpChannel.isAbsent(e.getStatusCode()) ? absent(key) : failures.typed(doing, e);
    } catch (IOException e) {
      throw failures.typed(doing, e);
    } finally {
      if (!done && lease != null) {
        lease.close();
      }
    }
  }

  private InputStream open(SshConnection.Lease lease, ObjectKey key, long offset, long length)
      throws IOException {
    SftpChannel channel = lease.channel();
    byte[] handle = channel.openToRead(folders.path(key.value())).handle();
    // Before anything is known of it, so that its first bytes come with the answer.
    Reply attributes = channel.attributes(handle);
    long end = length > Long.MAX_VALUE - offset ? Long.MAX_VALUE : offset + length;
    RangeStream stream =
        new RangeStream(
            lease, handle, readAhead, e -> failures.typed("read " + key, e), offset, end);
    boolean done = false;
    try {
      if (attributes.attributes().getType() != FileMode.Type.REGULAR) {
        throw absent(key);
      }
      done = true;
      return stream;
    } finally {
      if (!done) {
        stream.close();
      }
    }
  }

  private ReplicaException absent(ObjectKey key) {
    return new ReplicaException(Reason.NOT_FOUND, "no object " + key + " in " + name);
  }

  @Override
  public ObjectListing list(String prefix) throws IOException {
    String doing = "list '" + prefix + "'";
    return new SftpListing(
        folderKey -> {
          try (SshConnection.Lease lease = connections.current().lease()) {
            return SftpListing.read(lease.channel(), folders, folderKey);
          } catch (IOException e) {
            throw failures.typed(doing, e);
          }
        },
        prefix);
  }

  @Override
  public void delete(Collection<ObjectKey> keys) throws IOException {
    if (keys.isEmpty()) {
      return;
    }
    try (SshConnection.Lease lease = connections.current().lease()) {
      new Removal(lease.channel(), folders, failures).run(keys);
    } catch (IOException e) {
      throw failures.typed("delete " + Removal.shown(keys), e);
    }
  }

  @Override
  public void close() throws IOException {
    connections.close();
  }
}
