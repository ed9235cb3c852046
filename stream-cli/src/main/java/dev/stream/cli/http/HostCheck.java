package dev.stream.cli.http;

import dev.stream.core.config.HttpConfig;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * By which names this may be asked. A page of somebody else's, open in a browser here, can have its
 * own name lead to this machine and then ask as if it were that machine's page (DNS rebinding). It
 * cannot ask by an IP address, nor by a name without a dot, since those are not its own.
 */
final class HostCheck {

  private static final Pattern PORT = Pattern.compile(":[0-9]*$");
  private static final Pattern ADDRESS = Pattern.compile("\\[.*]|[0-9]{1,3}(?:\\.[0-9]{1,3}){3}");

  private final Set<String> names = new HashSet<>();

  HostCheck(HttpConfig config) {
    names.add(config.host().toLowerCase(Locale.ROOT));
    config.hosts().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
  }

  /** Why a request with these headers {@code Host} is refused; null if it is not. */
  @Nullable String refusal(@Nullable List<String> headers) {
    if (headers == null || headers.size() != 1) {
      return "A request says once by which host it asks.";
    }
    String host = PORT.matcher(headers.get(0).strip()).replaceFirst("").toLowerCase(Locale.ROOT);
    boolean local = host.equals("localhost") || host.endsWith(".localhost");
    boolean bare = !host.isEmpty() && host.indexOf('.') < 0 && host.indexOf(':') < 0;
    return local || bare || ADDRESS.matcher(host).matches() || names.contains(host)
        ? null
        : "This Stream does not answer by that name. If it is its own, add it to \"http\":"
            + " {\"hosts\": [...]} in the configuration.";
  }
}
