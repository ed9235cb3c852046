package dev.stream.core.upload;

import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.core.archive.ArtefactBody;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.artefact.ArtefactException;
import dev.stream.core.artefact.ArtefactReader;
import dev.stream.core.artefact.ByteRangeSource;
import dev.stream.core.plugin.CodecLookup;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Stores artefacts such that none takes the place of what another Stream has stored. */
public final class ExclusiveUpload {

  /** There is an artefact of another Stream under the name of ours. */
  public static final class ForeignArtefactException extends IOException {
    private static final long serialVersionUID = 1L;

    ForeignArtefactException(ObjectKey key) {
      super("there is another Stream's artefact " + key);
    }
  }

  /** The footer. */
  private static final int END = 72;

  private final CodecLookup codecs;
  private final String writer;

  /**
   * Uploads.
   *
   * @param writer who stores
   */
  public ExclusiveUpload(CodecLookup codecs, String writer) {
    this.codecs = codecs;
    this.writer = writer;
  }

  /**
   * Stores one, unless it is there already, as after an answer that was lost. One of ours that is
   * not whole is replaced.
   *
   * @throws ForeignArtefactException if one of another Stream's is there; it stays as it is
   */
  void store(ReplicaArchive archive, ObjectKey key, ArtefactBody body) throws IOException {
    try {
      ObjectInfo ignored = archive.create(key, body);
    } catch (ReplicaException e) {
      ObjectInfo there = e.reason() == Reason.CONFLICT ? archive.find(key).orElse(null) : null;
      if (there == null) {
        throw e;
      }
      if (!isSame(archive, there, body)) {
        String by = writer(archive, there);
        if (by != null && !by.equals(writer)) {
          throw new ForeignArtefactException(key);
        }
        ObjectInfo ignored = archive.put(key, body);
      }
    }
  }

  /** By its length and its footer, which has the checksum of the whole. */
  private static boolean isSame(ReplicaArchive archive, ObjectInfo there, ArtefactBody body)
      throws IOException {
    long size = body.size();
    int length = END;
    if (there.size() != size || size < length) {
      return false;
    }
    try (ByteRangeSource theirs = archive.source(there.key(), size)) {
      return Arrays.equals(theirs.read(size - length, length), body.end(length));
    }
  }

  private @Nullable String writer(ReplicaArchive archive, ObjectInfo there) throws IOException {
    try (ArtefactReader reader =
        ArtefactReader.open(
            archive.source(there.key(), there.size()), there.key().value(), codecs)) {
      return reader.header().writer();
    } catch (ArtefactException e) {
      return null; // nobody can restore from it
    }
  }
}
