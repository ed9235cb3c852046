package dev.stream.replica.file;

import dev.stream.api.replica.support.FolderListing.Content;
import dev.stream.api.replica.support.FolderListing.FolderReader;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Reads the folders of a replica for a listing; links to folders count as folders where following
 * them comes to an end. Thread-safe.
 *
 * @param doing what to call the listing in messages
 */
record LinkedFolderReader(Path root, String doing) implements FolderReader {

  @Override
  public void read(String folder, Content content) throws IOException {
    try {
      read(root.resolve(folder), content);
    } catch (NoSuchFileException e) {
      return; // The root was not made yet, or a folder was removed meanwhile.
    } catch (NotDirectoryException e) {
      if (folder.isEmpty()) {
        throw FileFailures.typed(root, doing, e);
      }
    } catch (IOException e) {
      throw FileFailures.typed(root, doing, e);
    }
  }

  private void read(Path folder, Content content) throws IOException {
    try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
      for (Path child : children) {
        if (content.canMatter(child.getFileName().toString())) {
          add(folder, child, content);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private void add(Path folder, Path child, Content content) throws IOException {
    String name = child.getFileName().toString();
    try {
      BasicFileAttributes attributes = Files.readAttributes(child, BasicFileAttributes.class);
      if (attributes.isRegularFile()) {
        content.addFile(name, attributes.size(), attributes.lastModifiedTime().toInstant());
      } else if (attributes.isDirectory()
          && !(Files.isSymbolicLink(child) && new FolderLink(root, folder, child).leadsAstray())) {
        content.addFolder(name);
      }
    } catch (NoSuchFileException e) {
      return; // It was removed meanwhile, or is a link to nothing.
    } catch (FileSystemException e) {
      if (!FolderLink.leadsNowhere(child)) {
        throw e;
      }
    }
  }
}
