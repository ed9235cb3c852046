package dev.stream.replica.s3;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * Whether the bucket keeps what is deleted: with versions a delete only hides an object, which is
 * paid for as long as no lifecycle rule ends it. Answers are read as loosely as can be: providers
 * differ in what they add to them.
 */
final class BucketVersions {

  private final SignedClient client;

  BucketVersions(SignedClient client) {
    this.client = client;
  }

  /** The warnings. What the credentials may not ask, or the server does not know, is left out. */
  List<String> warnings() throws IOException {
    List<String> warnings = new ArrayList<>();
    Element versions = ask("versioning");
    if (versions == null || !"Enabled".equals(text(versions, "Status"))) {
      return List.of();
    }
    Element lifecycle = ask("lifecycle");
    if (lifecycle == null || children(lifecycle, "Rule").stream().noneMatch(this::ends)) {
      String prefix = client.location().prefix();
      warnings.add(
          "its bucket keeps versions, so whatever retention deletes is only hidden and goes on"
              + " taking space, unless a lifecycle rule with NoncurrentVersionExpiration covers "
              + (prefix.isEmpty() ? "the bucket" : prefix)
              + ", and none was found: give it one");
    }
    Element lock = ask("object-lock");
    Element rule = lock == null ? null : child(lock, "Rule");
    Element retention = rule == null ? null : child(rule, "DefaultRetention");
    if (retention != null) {
      String days = text(retention, "Days");
      warnings.add(
          "its bucket's Object Lock ("
              + text(retention, "Mode")
              + ") keeps each object for "
              + (days == null ? text(retention, "Years") + " year(s)" : days + " day(s)")
              + " after it was stored, whatever is deleted: retention frees no space before");
    }
    return List.copyOf(warnings);
  }

  /** Asks for a part of the bucket's configuration; null if it has none, or does not tell. */
  private @Nullable Element ask(String part) throws IOException {
    try {
      return parsed(XmlBody.text(client.sendBriefly(S3Request.of("GET", null).query(part, ""))));
    } catch (S3Error e) {
      return null; // it has none, or the right to ask is not among those that replicating needs
    } catch (IOException e) {
      throw client.failures().typed("read the bucket's " + part, e);
    }
  }

  private static Element parsed(String text) throws IOException {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
      factory.setNamespaceAware(true);
      // A server must not have files of this machine read, nor its memory filled.
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      var builder = factory.newDocumentBuilder();
      builder.setErrorHandler(null); // or it writes to the standard error output
      return builder.parse(new InputSource(new StringReader(text))).getDocumentElement();
    } catch (SAXException e) {
      throw new IOException("the server's answer is not understood", e);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("every Java has such a parser", e);
    }
  }

  private boolean ends(Element rule) {
    return "Enabled".equals(text(rule, "Status"))
        && child(rule, "NoncurrentVersionExpiration") != null
        && covers(rule);
  }

  /** A rule for some tags or sizes does not end all that is stored here. */
  private boolean covers(Element rule) {
    Element filter = child(rule, "Filter");
    boolean some = filter != null && elements(filter).stream().anyMatch(one -> !isPrefix(one));
    String prefix = text(filter == null ? rule : filter, "Prefix");
    return !some && (prefix == null || client.location().prefix().startsWith(prefix));
  }

  private static boolean isPrefix(Element element) {
    return "Prefix".equals(element.getLocalName());
  }

  private static @Nullable String text(Element parent, String name) {
    Element child = child(parent, name);
    return child == null ? null : child.getTextContent().strip();
  }

  private static @Nullable Element child(Element parent, String name) {
    return children(parent, name).stream().findFirst().orElse(null);
  }

  private static List<Element> children(Element parent, String name) {
    return elements(parent).stream().filter(one -> name.equals(one.getLocalName())).toList();
  }

  private static List<Element> elements(Element parent) {
    List<Element> elements = new ArrayList<>();
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element) {
        elements.add(element);
      }
    }
    return elements;
  }
}
