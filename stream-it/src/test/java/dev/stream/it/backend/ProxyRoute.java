package dev.stream.it.backend;

import dev.stream.it.Await;
import dev.stream.it.server.TcpProxy;
import java.util.Map;

/** A way through a proxy. */
final class ProxyRoute implements Route {

  private final Backend backend;
  private final TcpProxy proxy;

  ProxyRoute(Backend backend) {
    this.backend = backend;
    this.proxy = TcpProxy.to(backend.address());
  }

  @Override
  public Map<String, Object> config(String place) throws Exception {
    return backend.config(place, proxy.address());
  }

  @Override
  public void breakAfter(long bytes) throws Exception {
    proxy.cutAfter(bytes);
    Await.until(bytes + " bytes sent to the server", proxy::isCut);
  }

  @Override
  public void mend() {
    proxy.mend();
  }

  @Override
  public void close() {
    proxy.close();
  }
}
