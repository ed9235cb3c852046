package dev.stream.core.artefact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class ArtefactHeaderTest {

  @Test
  void isWrittenUnderTheOriginalsFieldNames() throws IOException {
    byte[] segment = HeaderJson.encode(Artefacts.segment(4096, 3, 7, Artefacts.NONE));

    assertThat(new JsonMapper().readTree(segment))
        .isEqualTo(
            new JsonMapper()
                .readTree(
                    """
                    {"magic":"stream","version":1,"kind":"segment",
                     "generation":"0000019abcdef012-89abcdef","level":0,"txId":45,"parentTxId":41,
                     "pageSize":4096,"highWaterMark":7,"parentChecksum":"0123456789abcdef",
                     "pageCount":3,"checksum":"fedcba9876543210","compression":"none",
                     "createdAt":"2026-01-02T03:04:05.678Z","additionalAttrs":{}}"""));
  }

  @Test
  void leavesOutTotalsThatAreOpen() throws IOException {
    byte[] snapshot = HeaderJson.encode(Artefacts.snapshot(4096, 7, Artefacts.NONE));

    assertThat(new JsonMapper().readTree(snapshot).has("pageCount")).isFalse();
    assertThat(new JsonMapper().readTree(snapshot).has("checksum")).isFalse();
    assertThat(HeaderJson.decode(snapshot, 0, snapshot.length, "test"))
        .isEqualTo(Artefacts.snapshot(4096, 7, Artefacts.NONE));
  }

  @Test
  void refusesASegmentWithOpenTotals() {
    assertThatThrownBy(() -> Artefacts.segment(4096, ArtefactHeader.OPEN, 7, Artefacts.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pageCount");
  }

  @Test
  void refusesMorePagesThanTheDatabaseHas() {
    assertThatThrownBy(() -> Artefacts.segment(4096, 8, 7, Artefacts.NONE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Artefacts.snapshot(4096, 7, Artefacts.NONE).withTotals(8, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
