package dev.stream.replica.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;

final class PromptSocketsTest {

  @Test
  void whatIsSentDoesNotWaitForAnAcknowledgement() throws Exception {
    OkHttpClient http = S3ReplicaProvider.http(S3ReplicaConfig.ofBucket("bkt"));
    try (Socket socket = http.socketFactory().createSocket()) {
      assertThat(socket.getTcpNoDelay()).isTrue();
    }
  }
}
