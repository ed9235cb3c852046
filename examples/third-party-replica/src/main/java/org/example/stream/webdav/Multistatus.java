package org.example.stream.webdav;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/** The answer to a PROPFIND, read from its start to its end. */
final class Multistatus {

  /** Asks for what {@link #read} understands and for nothing else. */
  static final String QUESTION =
      "<?xml version=\"1.0\" encoding=\"utf-8\"?><propfind xmlns=\"DAV:\"><prop>"
          + "<resourcetype/><getcontentlength/><getlastmodified/></prop></propfind>";

  private final XMLStreamReader xml;
  private final List<WebdavResource> resources = new ArrayList<>();

  private Multistatus(XMLStreamReader xml) {
    this.xml = xml;
  }

  /**
   * Reads the resources. One that the server could not look at fails the whole: a listing with a
   * hole would be taken as the truth.
   */
  static List<WebdavResource> read(InputStream in) throws IOException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    // A server, or somebody who pretends to be it, must not make this machine read other files.
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    try {
      Multistatus answer = new Multistatus(factory.createXMLStreamReader(in));
      answer.readResponses();
      return answer.resources;
    } catch (XMLStreamException | DateTimeException | IllegalArgumentException e) {
      throw new IOException("the server's list cannot be read: " + e.getMessage(), e);
    }
  }

  private void readResponses() throws XMLStreamException, IOException {
    while (xml.hasNext()) {
      int event = xml.next();
      if (event == XMLStreamConstants.DTD) {
        throw new IOException("the server's list holds a document type, which WebDAV does not");
      }
      if (event == XMLStreamConstants.START_ELEMENT && isDav("response")) {
        readResponse();
      }
    }
  }

  private void readResponse() throws XMLStreamException, IOException {
    @Nullable String path = null;
    @Nullable String size = null;
    @Nullable String modified = null;
    boolean isCollection = false;
    boolean inProperties = false;
    while (true) {
      int event = xml.next();
      if (event == XMLStreamConstants.END_ELEMENT && isDav("response")) {
        break;
      }
      if (event == XMLStreamConstants.END_ELEMENT && isDav("propstat")) {
        inProperties = false;
      }
      if (event != XMLStreamConstants.START_ELEMENT) {
        continue;
      }
      if (isDav("propstat")) {
        inProperties = true;
      } else if (isDav("collection")) {
        isCollection = true;
      } else if (isDav("href")) {
        path = URI.create(xml.getElementText().strip()).getPath();
      } else if (isDav("getcontentlength")) {
        size = text(size);
      } else if (isDav("getlastmodified")) {
        modified = text(modified);
      } else if (isDav("status") && !inProperties) {
        throw new IOException("the server says of " + path + ": " + xml.getElementText());
      }
    }
    if (path == null || modified == null || size == null && !isCollection) {
      throw new IOException("the server's list lacks path, size or date of " + path);
    }
    Instant modifiedAt = DateTimeFormatter.RFC_1123_DATE_TIME.parse(modified, Instant::from);
    long bytes = size == null || isCollection ? 0 : Long.parseLong(size);
    resources.add(new WebdavResource(path, isCollection, bytes, modifiedAt));
  }

  /** The element's text; the former one if it is empty, as a property is that does not exist. */
  private @Nullable String text(@Nullable String former) throws XMLStreamException {
    String text = xml.getElementText().strip();
    return text.isEmpty() ? former : text;
  }

  private boolean isDav(String name) {
    return xml.getLocalName().equals(name) && "DAV:".equals(xml.getNamespaceURI());
  }
}
