package dev.stream.testkit.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.testkit.ContractRun;
import dev.stream.testkit.database.ToyHarness.Flaw;
import org.junit.jupiter.api.Test;

/** A sound source passes, and careless ones are caught. */
final class PagedDatabaseContractTest {

  abstract static class Toys extends PagedDatabaseContract {
    private final Flaw flaw;

    Toys(Flaw flaw) {
      this.flaw = flaw;
    }

    @Override
    protected DatabaseHarness createDatabase() {
      return new ToyHarness(flaw);
    }
  }

  static final class Sound extends Toys {
    Sound() {
      super(Flaw.NONE);
    }
  }

  @Test
  void aSoundSourcePasses() {
    assertThat(ContractRun.failures(Sound.class)).isEmpty();
  }

  static final class SkipsAPage extends Toys {
    SkipsAPage() {
      super(Flaw.SKIPS_A_PAGE);
    }
  }

  @Test
  void aPageThatIsMissing() {
    assertThat(ContractRun.failures(SkipsAPage.class))
        .containsKeys("flushesReproduceTheDatabaseAfterEverySync");
  }

  static final class OutOfOrder extends Toys {
    OutOfOrder() {
      super(Flaw.FRAMES_OUT_OF_ORDER);
    }
  }

  @Test
  void framesOutOfOrder() {
    assertThat(ContractRun.failures(OutOfOrder.class))
        .containsKeys("flushesReproduceTheDatabaseAfterEverySync");
  }

  static final class Beyond extends Toys {
    Beyond() {
      super(Flaw.PAGES_BEYOND_THE_END);
    }
  }

  @Test
  void pagesBeyondTheEnd() {
    assertThat(ContractRun.failures(Beyond.class))
        .containsKeys("flushesReproduceTheDatabaseAfterEverySync");
  }

  static final class Loses extends Toys {
    Loses() {
      super(Flaw.LOSES_WHAT_WAS_REFUSED);
    }
  }

  @Test
  void aRefusedFlushThatIsLost() {
    assertThat(ContractRun.failures(Loses.class))
        .containsOnlyKeys("whatTheObserverRefusedIsDeliveredAgain");
  }

  static final class Hole extends Toys {
    Hole() {
      super(Flaw.HOLE_AFTER_RESUME);
    }
  }

  @Test
  void aHoleAfterAResume() {
    assertThat(ContractRun.failures(Hole.class))
        .containsKeys("anEarlierPositionYieldsAllThatFollowedOrIsLost");
  }

  static final class Live extends Toys {
    Live() {
      super(Flaw.LIVE_SNAPSHOT);
    }
  }

  @Test
  void aSnapshotThatMovesOn() {
    assertThat(ContractRun.failures(Live.class))
        .containsKeys("aSnapshotStaysAsItIsWhileTheDatabaseMovesOn");
  }

  static final class Ahead extends Toys {
    Ahead() {
      super(Flaw.SNAPSHOT_AHEAD_OF_FLUSHES);
    }
  }

  @Test
  void aSnapshotAheadOfTheFlushes() {
    assertThat(ContractRun.failures(Ahead.class))
        .containsKeys("aSnapshotStaysAsItIsWhileTheDatabaseMovesOn");
  }

  static final class NoSync extends Toys {
    NoSync() {
      super(Flaw.SYNC_THAT_DOES_NOTHING);
    }
  }

  @Test
  void aSyncThatDoesNothing() {
    assertThat(ContractRun.failures(NoSync.class))
        .containsKeys(
            "flushesReproduceTheDatabaseAfterEverySync",
            "closeDeliversWhatIsCommittedAndMayBeRepeated");
  }
}
