package dev.stream.replica.sftp;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.support.ExactBody;
import dev.stream.api.replica.support.FolderListing;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
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

  /** How many reads of 32 KiB all streams together may have ahead beyond the least. */
  private static final int READ_AHEAD_BUDGET = 512;

  private final String name;
  private final SshConnections connections;
  private final RemoteFolders folders;
  private final SftpStaging staging;
  private final SftpCreation creation;
  private final UploadWidth width;
  private final SftpFailures failures;
  private final Semaphore readAhead = new Semaphore(READ_AHEAD_BUDGET);

  private SftpReplica(String name, SftpReplicaConfig config) {
    this.name = name;
    this.connections = new SshConnections(new SshLogin(config));
    this.folders = new RemoteFolders(config.path());
    this.staging = new SftpStaging(folders);
    this.creation = new SftpCreation(name, folders);
    this.width = new UploadWidth(name);
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
      if (!UploadWidth.mayBeToBlame(e)) {
        throw e;
      }
      if (!UploadWidth.mayTryAgainAtOnce(e)) {
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
    ChannelPool<SftpChannel> pool = connections.current().channels();
    try (ChannelPool<SftpChannel>.Lease lease = several ? pool.all() : pool.one()) {
      if (anew) {
        // This is checked before the whole body is written in vain.
        creation.requireAbsent(lease.channel(), key, null);
      }
      try {
        return store(lease.channels(), key, body, anew);
      } catch (IOException e) {
        if (several && UploadWidth.mayBeToBlame(e)) {
          lease.avoid();
        }
        throw e;
      }
    }
  }

  private ObjectInfo store(List<SftpChannel> channels, ObjectKey key, ObjectBody body, boolean anew)
      throws IOException {
    SftpChannel first = channels.get(0);
    SftpStaging.File staged = staging.create(first);
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
      Instant modifiedAt = RemoteFolderReader.modifiedAt(attributes);
      return new ObjectInfo(key, attributes.getSize(), modifiedAt);
    } catch (IOException e) {
      // Asked while the staged file still takes its space.
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
      List<SftpChannel> channels, SftpStaging.File staged, ObjectKey key, ObjectBody body)
      throws IOException {
    SftpChannel first = channels.get(0);
    UploadSamples samples =
        body.size() >= LARGE ? UploadSamples.of(body.size()) : UploadSamples.none();
    SftpUpload upload =
        new SftpUpload(
            staged.path(), first, staged.handle(), channels.subList(1, channels.size()), samples);
    FileAttributes attributes;
    try (ExactBody content = ExactBody.open(key.value(), body)) {
      attributes = upload.run(content);
    } catch (IOException | RuntimeException | Error e) {
      upload.abandon();
      throw e;
    }
    if (attributes.getSize() != body.size()) {
      throw new IOException(
          "the file on the server has " + attributes.getSize() + " bytes, not " + body.size());
    }
    samples.check(first, staged.path());
    return attributes;
  }

  private void abandon(SftpChannel channel, SftpStaging.File staged) {
    try {
      staging.abandon(channel, staged);
    } catch (IOException e) {
      LOG.debug("{}: {} is left for later", name, staged.path(), e);
    }
  }

  @Override
  public InputStream open(ObjectKey key, long offset, long length) throws IOException {
    String doing = "read " + key;
    try {
      ChannelPool<SftpChannel>.Lease lease = connections.current().channels().one();
      try {
        return open(lease, key, offset, length);
      } catch (IOException | RuntimeException | Error e) {
        lease.close();
        throw e;
      }
    } catch (SFTPException e) {
      throw SftpChannel.isAbsent(e.getStatusCode())
          ? failures.absent(key)
          : failures.typed(doing, e);
    } catch (IOException e) {
      throw failures.typed(doing, e);
    }
  }

  private InputStream open(
      ChannelPool<SftpChannel>.Lease lease, ObjectKey key, long offset, long length)
      throws IOException {
    SftpChannel channel = lease.channel();
    byte[] handle = channel.openToRead(folders.path(key.value())).handle();
    // Before anything is known of it, so that its first bytes come with the answer.
    PendingReply attributes = channel.attributes(handle);
    long end = length > Long.MAX_VALUE - offset ? Long.MAX_VALUE : offset + length;
    SftpRangeStream stream =
        new SftpRangeStream(lease, handle, readAhead, failures, "read " + key, offset, end);
    try {
      if (attributes.attributes().getType() != FileMode.Type.REGULAR) {
        throw failures.absent(key);
      }
      return stream;
    } catch (IOException | RuntimeException | Error e) {
      stream.close();
      throw e;
    }
  }

  @Override
  public ObjectListing list(String prefix) throws IOException {
    String doing = "list '" + prefix + "'";
    return new FolderListing(
        (folder, content) -> {
          try (ChannelPool<SftpChannel>.Lease lease = connections.current().channels().one()) {
            RemoteFolderReader.read(lease.channel(), folders, folder, content);
          } catch (IOException e) {
            throw failures.typed(doing, e);
          }
        },
        prefix,
        "");
  }

  @Override
  public void delete(Collection<ObjectKey> keys) throws IOException {
    if (keys.isEmpty()) {
      return;
    }
    try (ChannelPool<SftpChannel>.Lease lease = connections.current().channels().one()) {
      new ObjectRemoval(lease.channel(), folders, failures).run(keys);
    } catch (IOException e) {
      throw failures.typed("delete " + ObjectRemoval.shown(keys), e);
    }
  }

  @Override
  public void close() throws IOException {
    connections.close();
  }
}
