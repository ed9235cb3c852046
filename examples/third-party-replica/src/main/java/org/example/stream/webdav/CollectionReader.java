package org.example.stream.webdav;

import dev.stream.api.replica.support.FolderListing.Content;
import dev.stream.api.replica.support.FolderListing.FolderReader;
import java.io.IOException;

/**
 * Reads collections for a listing.
 *
 * @param start where the listing begins
 * @param doing what to call the listing in messages
 */
record CollectionReader(WebdavClient client, String start, String doing) implements FolderReader {

  @Override
  public void read(String folder, Content content) throws IOException {
    // What the prefix names may be a file, or may be missing. If the root is missing, it was not
    // made yet.
    if (folder.equals(start) && !folder.isEmpty()) {
      String name = folder.substring(0, folder.length() - 1);
      if (!client.find(name, doing).map(WebdavResource::isCollection).orElse(false)) {
        return;
      }
    }
    for (WebdavResource resource : client.children(folder, doing)) {
      if (resource.isCollection()) {
        content.addFolder(resource.name());
      } else {
        content.addFile(resource.name(), resource.size(), resource.modifiedAt());
      }
    }
  }
}
