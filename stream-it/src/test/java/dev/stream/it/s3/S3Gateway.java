package dev.stream.it.s3;

import dev.stream.it.server.Layout;
import dev.stream.it.server.RunningServer;
import dev.stream.it.server.ServerRecipe;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Servers that speak S3 other than MinIO, with MinIO's user. They run as processes of this machine,
 * whatever else runs in containers.
 */
enum S3Gateway implements ServerRecipe {
  /** Objects are files with extended attributes. */
  VERSITYGW {
    @Override
    public List<String> command(Layout layout) {
      return List.of(
          "versitygw",
          "--quiet",
          "--port",
          layout.bind() + ":" + layout.port(MinioRecipe.PORT),
          "posix",
          layout.data());
    }

    @Override
    public Map<String, String> environment(Layout layout) {
      return Map.of("ROOT_ACCESS_KEY", MinioRecipe.USER, "ROOT_SECRET_KEY", MinioRecipe.SECRET);
    }
  },

  /** Objects are plain files; parts of an upload are kept in memory until it is complete. */
  RCLONE {
    @Override
    public List<String> command(Layout layout) {
      return List.of(
          "rclone-current",
          "serve",
          "s3",
          "--addr",
          layout.bind() + ":" + layout.port(MinioRecipe.PORT),
          "--auth-key",
          MinioRecipe.USER + "," + MinioRecipe.SECRET,
          "--config",
          "/dev/null",
          layout.data());
    }
  };

  @Override
  public List<Integer> ports() {
    return List.of(MinioRecipe.PORT);
  }

  /** A bucket is a folder. */
  @Override
  public List<String> folders() {
    return List.of(S3Backend.BUCKET);
  }

  /** Whoever gives no name is told off, which takes a server that is ready. */
  @Override
  public boolean isReady(RunningServer server) throws Exception {
    InetSocketAddress address = server.address(MinioRecipe.PORT);
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      socket.setSoTimeout(5000);
      String request = "GET / HTTP/1.0\r\nHost: s3\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readNBytes(5);
      return new String(answer, StandardCharsets.US_ASCII).equals("HTTP/");
    } catch (IOException e) {
      return false;
    }
  }
}
