package dev.stream.core.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.archive.SnapshotDescriptor;
import dev.stream.core.fixture.Listings;
import dev.stream.core.fixture.PageHistory;
import dev.stream.core.fixture.RestoreFixture;
import dev.stream.core.fixture.TestReplica;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A snapshot of 64 blocks that is read as a restore reads it. */
class BlockFetchPipelineTest {

  private static final int PAGE = 4096;
  private static final int BLOCK = 256 * 1024;
  private static final int BLOCKS = 64;

  private final TestReplica replica = new TestReplica();
  private final FetchMeter meter = new FetchMeter();
  private final PageHistory history =
      new PageHistory(Listings.NEW, PAGE, new Random(1)).begin(1, BLOCKS * BLOCK / PAGE);

  private SnapshotDescriptor snapshot() throws IOException {
    history.snapshot(replica, 1);
    return new ReplicaArchive(replica).list().newest().orElseThrow().snapshots().get(0);
  }

  /** Wants every so many blocks, and puts together what it gets. */
  private static class Taking implements ArtefactVisitor {

    final byte[] bytes = new byte[BLOCKS * BLOCK];
    final AtomicLong taken = new AtomicLong();
    final AtomicLong progress = new AtomicLong();
    private final int every;

    Taking(int every) {
      this.every = every;
    }

    @Override
    public List<BlockClaim> opened(OpenArtefact artefact) {
      List<BlockClaim> all = BlockClaim.all(artefact.reader().blocks(), new PageClaims());
      List<BlockClaim> wanted = new ArrayList<>();
      for (int i = 0; i < all.size(); i += every) {
        wanted.add(all.get(i));
      }
      return wanted;
    }

    @Override
    public void pages(long firstId, int count, byte[] data, int offset) {
      System.arraycopy(data, offset, bytes, (int) (firstId - 1) * PAGE, count * PAGE);
      taken.addAndGet((long) count * PAGE);
    }

    @Override
    public void progressed(long done) {
      progress.addAndGet(done);
    }
  }

  @Test
  void readsEachByteOnceInFewRequests() throws IOException {
    SnapshotDescriptor snapshot = snapshot();
    Taking taking = new Taking(1);
    new BlockFetchPipeline(
            new ReplicaArchive(replica, RestoreFixture.IMPATIENT), PageHistory::codecs, meter, 3)
        .read(List.of(snapshot), taking);
    assertThat(taking.bytes).isEqualTo(history.states.get(1L));
    assertThat(taking.progress.get()).isEqualTo(snapshot.size());
    assertThat(meter.requests()).isEqualTo(replica.opens.get()).isLessThanOrEqualTo(11);
    assertThat(meter.bytes()).isBetween(snapshot.size() - PAGE, snapshot.size() + (72 << 10));
  }

  @Test
  void leavesOutWhatNobodyWants() throws IOException {
    SnapshotDescriptor snapshot = snapshot();
    Taking taking = new Taking(4);
    new BlockFetchPipeline(
            new ReplicaArchive(replica, RestoreFixture.IMPATIENT), PageHistory::codecs, meter, 3)
        .read(List.of(snapshot), taking);
    byte[] wanted = history.states.get(1L).clone();
    for (int block = 0; block < BLOCKS; block++) {
      if (block % 4 != 0) {
        Arrays.fill(wanted, block * BLOCK, (block + 1) * BLOCK, (byte) 0);
      }
    }
    assertThat(taking.bytes).isEqualTo(wanted);
    assertThat(taking.progress.get()).isEqualTo(snapshot.size());
    assertThat(meter.bytes()).isLessThan(snapshot.size() / 3);
  }

  @Test
  void holdsNoMoreThanABlockOfARequestInMemory() throws IOException {
    SnapshotDescriptor snapshot = snapshot();
    Counting counting = new Counting(replica);
    AtomicLong most = new AtomicLong();
    Taking taking =
        new Taking(1) {
          @Override
          public void pages(long firstId, int count, byte[] data, int offset) {
            most.accumulateAndGet(counting.read.get() - taken.get(), Math::max);
            super.pages(firstId, count, data, offset);
          }
        };
    new BlockFetchPipeline(
            new ReplicaArchive(counting, RestoreFixture.IMPATIENT), PageHistory::codecs, meter, 2)
        .read(List.of(snapshot), taking);
    assertThat(taking.bytes).isEqualTo(history.states.get(1L));
    // Two threads, a block each, and the end of the file, in which the index is.
    assertThat(most.get()).isLessThanOrEqualTo(2 * BLOCK + (128 << 10));
  }

  /** Counts what was read of all streams. */
  private record Counting(Replica replica, AtomicLong read) implements Replica {

    Counting(Replica replica) {
      this(replica, new AtomicLong());
    }

    @Override
    public String name() {
      return replica.name();
    }

    @Override
    public InputStream open(ObjectKey key, long offset, long length) throws IOException {
      return new FilterInputStream(replica.open(key, offset, length)) {
        @Override
        public int read(byte[] target, int from, int most) throws IOException {
          int count = super.read(target, from, most);
          read.addAndGet(Math.max(0, count));
          return count;
        }
      };
    }

    @Override
    public ObjectInfo put(ObjectKey key, ObjectBody body) throws IOException {
      return replica.put(key, body);
    }

    @Override
    public ObjectListing list(String prefix) throws IOException {
      return replica.list(prefix);
    }

    @Override
    public void delete(Collection<ObjectKey> keys) throws IOException {
      replica.delete(keys);
    }

    @Override
    public void close() throws IOException {
      replica.close();
    }
  }
}
