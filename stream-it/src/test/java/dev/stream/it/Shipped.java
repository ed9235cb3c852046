package dev.stream.it;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** What the project ships, as its build has just made it. */
public final class Shipped {

  static final Path DISTRIBUTION =
      Path.of(System.getProperty("stream.distribution")).toAbsolutePath().normalize();
  public static final Path PROJECT = DISTRIBUTION.resolve("../../..").normalize();

  private Shipped() {}

  /** The artifacts that the BOM lists, and their versions. */
  public static Map<String, String> bom() throws Exception {
    Element bom = pom(PROJECT.resolve("stream-bom/pom.xml"));
    Map<String, String> properties = new TreeMap<>();
    for (Element property : children(child(bom, "properties"))) {
      properties.put("${" + property.getTagName() + "}", property.getTextContent());
    }
    properties.put("${project.version}", child(bom, "version").getTextContent());
    Map<String, String> versions = new TreeMap<>();
    Element managed = child(child(bom, "dependencyManagement"), "dependencies");
    for (Element dependency : children(managed)) {
      String version = child(dependency, "version").getTextContent();
      versions.put(
          child(dependency, "artifactId").getTextContent(),
          properties.getOrDefault(version, version));
    }
    return versions;
  }

  /** The modules of the build. */
  static List<String> modules() throws Exception {
    List<String> modules = new ArrayList<>();
    for (Element module : children(child(pom(PROJECT.resolve("pom.xml")), "modules"))) {
      modules.add(module.getTextContent());
    }
    return modules;
  }

  /** The version that an artifact's own POM says. */
  public static String version(String artifact) throws Exception {
    return child(pom(PROJECT.resolve(artifact).resolve("pom.xml")), "version").getTextContent();
  }

  /** Whether a POM itself has an element that is not empty. */
  static boolean says(String module, String element) throws Exception {
    return children(pom(PROJECT.resolve(module).resolve("pom.xml"))).stream()
        .anyMatch(one -> one.getTagName().equals(element) && !one.getTextContent().isBlank());
  }

  public static Path jar(String artifact, String version) {
    return PROJECT.resolve(artifact).resolve("target").resolve(artifact + "-" + version + ".jar");
  }

  static ModuleDescriptor descriptor(Path jar) {
    return ModuleFinder.of(jar).findAll().iterator().next().descriptor();
  }

  private static Element pom(Path file) throws Exception {
    try (var in = Files.newInputStream(file)) {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(in)
          .getDocumentElement();
    }
  }

  private static Element child(Element parent, String name) throws IOException {
    for (Element child : children(parent)) {
      if (child.getTagName().equals(name)) {
        return child;
      }
    }
    throw new IOException("no " + name + " in " + parent.getTagName());
  }

  private static List<Element> children(Element parent) {
    NodeList nodes = parent.getChildNodes();
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      Node node = nodes.item(i);
      if (node instanceof Element element) {
        elements.add(element);
      }
    }
    return elements;
  }
}
