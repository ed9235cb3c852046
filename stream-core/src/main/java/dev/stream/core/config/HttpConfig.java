package dev.stream.core.config;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where {@code stream replicate} answers browsers and monitoring systems. They can only read. An
 * application that embeds Stream takes no notice of it.
 *
 * @param address a port, on this machine's loopback then; or a host and a port, such as {@code
 *     0.0.0.0:9090} or {@code [::1]:9090}. Port 0 is any free one
 * @param hosts further names by which it may be asked, besides IP addresses, names without a dot,
 *     and the host of the address
 */
public record HttpConfig(String address, List<String> hosts) {

  private static final String LOOPBACK = "127.0.0.1";
  private static final Pattern FORM =
      Pattern.compile("(?:(\\[[0-9A-Fa-f:.%a-z]+]|[0-9A-Za-z._-]+):)?([0-9]{1,5})");
  private static final Pattern NAME = Pattern.compile("[0-9A-Za-z._-]+");
  private static final int HIGHEST_PORT = 65_535;

  /**
   * Validates.
   *
   * @throws IllegalArgumentException with a message that starts with the key
   */
  public HttpConfig {
    Matcher form = FORM.matcher(address);
    if (!form.matches() || Integer.parseInt(form.group(2)) > HIGHEST_PORT) {
      throw new IllegalArgumentException(
          "address \""
              + address
              + "\" is no address to listen on; write a port (\"9090\", for this machine alone), or"
              + " a host and a port (\"0.0.0.0:9090\", \"[::1]:9090\")");
    }
    hosts = List.copyOf(hosts);
    for (String host : hosts) {
      if (!NAME.matcher(host).matches()) {
        throw new IllegalArgumentException(
            "hosts has \"" + host + "\", which is no host name; write it without a port");
      }
    }
  }

  /** An address, by which no further names are allowed. */
  public HttpConfig(String address) {
    this(address, List.of());
  }

  /** The host of the address, in brackets if it has colons; the loopback if it has none. */
  public String host() {
    String host = form().group(1);
    return host == null ? LOOPBACK : host;
  }

  /** The address; unresolved if there is no such host. Asks for the host's address. */
  public InetSocketAddress socketAddress() {
    String host = host();
    return new InetSocketAddress(
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
        Integer.parseInt(form().group(2)));
  }

  private Matcher form() {
    Matcher form = FORM.matcher(address);
    if (!form.matches()) {
      throw new IllegalStateException(address);
    }
    return form;
  }
}
