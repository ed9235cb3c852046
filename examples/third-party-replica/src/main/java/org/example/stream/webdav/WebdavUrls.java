package org.example.stream.webdav;

import dev.stream.api.replica.ReplicaUrl;
import dev.stream.api.replica.ReplicaUrls;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Collections as URLs: {@code webdavs://user@dav.example.com/backups/app}. Not {@code https}, which
 * every other plug-in might claim, too.
 */
final class WebdavUrls implements ReplicaUrls {

  @Override
  public Set<String> schemes() {
    return Set.of("webdav", "webdavs");
  }

  @Override
  public String example() {
    return "webdavs://USER@HOST/COLLECTION?password=${NAME}";
  }

  @Override
  public String credentials() {
    return "Leave it out";
  }

  @Override
  public Map<String, String> settings(ReplicaUrl url) {
    String scheme = url.scheme().equals("webdavs") ? "https" : "http";
    Map<String, String> settings = new LinkedHashMap<>();
    try {
      String address = new URI(scheme, url.authority(), url.path(), null, null).toASCIIString();
      settings.put("url", address.replace("%7B", "{").replace("%7D", "}")); // of ${NAME}
    } catch (URISyntaxException e) {
      // Its message would show the whole text.
      throw new IllegalArgumentException("it is not of the form " + example());
    }
    String user = url.user();
    if (user != null) {
      settings.put("user", user);
    }
    return settings;
  }
}
