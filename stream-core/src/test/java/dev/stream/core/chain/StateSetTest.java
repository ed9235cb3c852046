package dev.stream.core.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.fixture.Seeds;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Held against a set of objects. */
final class StateSetTest {

  @Test
  void answersAsASortedSetDoes() {
    for (int round = 0; round < Seeds.rounds(200, 5_000); round++) {
      Random random = Seeds.random("StateSetTest", round);
      long[] some = random.longs(random.nextInt(20), 0, 30).toArray();
      StateSet states = StateSet.of(LongStream.of(some));
      TreeSet<Long> model = new TreeSet<>(LongStream.of(some).boxed().toList());
      assertThat(states.stream().boxed()).as(Seeds.where(round)).containsExactlyElementsOf(model);
      assertThat(states.size()).isEqualTo(model.size());
      assertThat(states.isEmpty()).isEqualTo(model.isEmpty());
      for (long txId = -1; txId <= 31; txId++) {
        assertThat(states.contains(txId)).as(Seeds.where(round)).isEqualTo(model.contains(txId));
        assertThat(states.floor(txId)).as(Seeds.where(round)).isEqualTo(model.floor(txId));
        assertThat(states.ceiling(txId)).as(Seeds.where(round)).isEqualTo(model.ceiling(txId));
      }
      long[] others = random.longs(random.nextInt(6), 0, 30).toArray();
      long from = random.nextInt(32);
      assertThat(states.containsAll(StateSet.of(LongStream.of(others)), from))
          .as(Seeds.where(round))
          .isEqualTo(LongStream.of(others).filter(one -> one >= from).allMatch(model::contains));
    }
  }
}
