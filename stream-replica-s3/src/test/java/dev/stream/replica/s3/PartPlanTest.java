package dev.stream.replica.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PartPlanTest {

  private static final long MIB = 1L << 20;

  @ParameterizedTest
  @CsvSource({
    "16777217, 16777216, 2, 16777216",
    "33554432, 16777216, 2, 16777216",
    "167772160000, 16777216, 10000, 16777216",
    "167772160001, 16777216, 9412, 17825792",
    "5497558138880, 16777216, 9987, 550502400",
  })
  void partsAreOfOneSizeAndAtMostTenThousand(long size, long wished, int count, long partSize)
      throws Exception {
    PartPlan plan = PartPlan.of(size, wished);
    assertThat(plan.count()).isEqualTo(count).isLessThanOrEqualTo(10_000);
    assertThat(plan.partSize()).isEqualTo(partSize);
    long next = 0;
    for (int i = 0; i < plan.count(); i++) {
      assertThat(plan.offset(i)).isEqualTo(next);
      assertThat(plan.length(i)).isPositive().isLessThanOrEqualTo(partSize);
      next += plan.length(i);
    }
    assertThat(next).isEqualTo(size);
  }

  @Test
  void moreThanFiveTebibytesAreRefused() {
    assertThatThrownBy(() -> PartPlan.of((5L << 40) + 1, MIB))
        .isInstanceOfSatisfying(
            ReplicaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.REJECTED));
  }
}
