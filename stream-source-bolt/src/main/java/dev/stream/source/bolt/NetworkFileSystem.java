package dev.stream.source.bolt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Refuses files of another machine: what this machine reads of them may be older than what the
 * writer wrote before it, so that no reading proves anything.
 */
final class NetworkFileSystem {

  private static final Pattern TYPES =
      Pattern.compile(
          "nfs.*|cifs|smb.*|afs|ncpfs|9p|ceph|glusterfs|lustre|gfs2|ocfs2|webdav|davfs|afpfs|virtiofs"
              + "|fuse\\.(sshfs|rclone|s3fs|glusterfs|davfs2|gvfsd-fuse|juicefs|goofys)");

  private NetworkFileSystem() {}

  static void refuse(Path file) throws IOException {
    refuse(file, Files.getFileStore(file).type());
  }

  /**
   * Refuses a file by the type of its file system.
   *
   * @throws IOException if it is one of a network
   */
  static void refuse(Path file, String type) throws IOException {
    if (TYPES.matcher(type.toLowerCase(Locale.ROOT)).matches()) {
      throw new IOException(
          file
              + " is on a network file system ("
              + type
              + "). What another machine writes there arrives here in no order, so that no state of a"
              + " bolt database could be proven; run Stream on the machine that has the file on its"
              + " own disk");
    }
  }
}
