package dev.stream.replica.file;

import dev.stream.api.replica.ReplicaUrl;
import dev.stream.api.replica.ReplicaUrls;
import java.util.Map;
import java.util.Set;

/** Folders as URLs: {@code file:///backups/app}. */
final class FileUrls implements ReplicaUrls {

  @Override
  public Set<String> schemes() {
    return Set.of("file");
  }

  @Override
  public String example() {
    return "file:///FOLDER";
  }

  @Override
  public String credentials() {
    return "Leave it out, since a folder needs none";
  }

  @Override
  public Map<String, String> settings(ReplicaUrl url) {
    boolean here = url.authority().isEmpty() || url.authority().equals("localhost");
    if (!here || url.user() != null || url.path().isEmpty()) {
      throw new IllegalArgumentException(
          "the folder follows three slashes, as in file:///backups/app; a relative one is named"
              + " without file://");
    }
    return Map.of("path", url.path());
  }
}
