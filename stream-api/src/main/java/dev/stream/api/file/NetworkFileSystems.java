package dev.stream.api.file;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Tells file systems of other machines: what is written there by others may arrive here late and in
 * no order, and memory that is mapped from a file is not shared. Safe for use by several threads.
 */
public final class NetworkFileSystems {

  private static final Pattern TYPES =
      Pattern.compile(
          "nfs.*|cifs|smb.*|afs|ncpfs|9p|ceph|glusterfs|lustre|gfs2|ocfs2|webdav|davfs|afpfs|virtiofs"
              + "|fuse\\.(sshfs|rclone|s3fs|glusterfs|davfs2|gvfsd-fuse|juicefs|goofys)");

  private NetworkFileSystems() {}

  /**
   * Whether a file system is one of them.
   *
   * @param type as {@link java.nio.file.FileStore#type} tells it, in upper or lower case
   */
  public static boolean isOne(String type) {
    return TYPES.matcher(type.toLowerCase(Locale.ROOT)).matches();
  }
}
