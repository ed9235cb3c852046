package dev.stream.source.bolt;

import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The state that the program which writes a file holds for us, and which of its pages may be in
 * use. To move on to a later one, nothing is read but what is new in it. For use by one thread at a
 * time.
 */
final class HeldState implements AutoCloseable {

  private final Pin pin;
  private final BoltFile file;
  private BoltMeta meta;
  private @Nullable BitSet inUse;

  private HeldState(Pin pin, BoltFile file, @Nullable BitSet inUse) {
    this.pin = pin;
    this.file = file;
    this.meta = pin.meta();
    this.inUse = inUse;
  }

  /**
   * Has the newest state held.
   *
   * @throws IOException if nobody serves the socket, or what is said cannot be of this file
   * @throws OtherProgramException if who serves it speaks another language
   */
  static HeldState open(Path path) throws IOException {
    HeldState opened = null;
    Pin pin = Pin.connect(path);
    try {
      BoltFile file = BoltFile.open(path);
      try {
        pin.next(file);
        StateHashes.requireRoom(pin.meta());
        opened = new HeldState(pin, file, mayBeInUse(file, pin.meta()));
        return opened;
      } finally {
        if (opened == null) {
          file.close();
        }
      }
    } finally {
      if (opened == null) {
        pin.close();
      }
    }
  }

  /** What may be in use; null if only the pages themselves tell. */
  private static @Nullable BitSet mayBeInUse(BoltFile file, BoltMeta meta) throws IOException {
    try {
      return Freelist.inUse(file, meta);
    } catch (DamagedFileException e) {
      return null; // Reading all of it tells what is damaged.
    }
  }

  /** Which file it is. */
  String identity() {
    return file.identity();
  }

  Path path() {
    return file.path();
  }

  BoltMeta meta() {
    return meta;
  }

  /**
   * What was read until now is of this state.
   *
   * @throws MovedOnException if that cannot be said
   */
  void require() throws IOException {
    pin.require();
  }

  /** Copies it into memory; returns whether it is small enough for that. */
  boolean copyTo(MemoryCopy memory) throws IOException {
    return memory.fill(file, meta);
  }

  /** Reads all of it, and keeps what differs from a known one. */
  Reading read(@Nullable BoltState known, Path folder) throws IOException {
    return Reading.read(file, meta, pin, file.identity(), known, false, folder);
  }

  /** Copies a little more of it; returns whether there may be more. */
  boolean copyRun(PageCopy copy) throws IOException {
    BitSet pages = inUse;
    if (pages == null) {
      pages = new BitSet();
      pages.set(0, (int) meta.highWaterMark());
    }
    return copy.copyRun(file, pages);
  }

  /** Which pages are in use, where no list of free ones tells: then it is held until now. */
  void prove(BitSet pages) {
    if (inUse == null) {
      inUse = (BitSet) pages.clone();
    }
  }

  /**
   * Moves on to the newest state.
   *
   * @param fresh takes the pages that are new in it
   * @param gone takes those that are no more in use
   * @return how many these are; 0 where there is no newer state
   * @throws MovedOnException if that proves nothing: the state is of no more use then
   */
  int moveOn(PageSink fresh, Consumer<BitSet> gone) throws IOException {
    BitSet all = inUse;
    if (all == null || file.newest().equals(meta)) {
      pin.keep();
      return 0;
    }
    pin.next(file);
    BoltMeta now = pin.meta();
    if (!pin.isOver(meta)) {
      throw new MovedOnException("a state was let go of before the next one was held");
    }
    int freed = 0;
    if (!now.equals(meta)) {
      if (!Overlap.isPossible(meta, now)) {
        throw new MovedOnException("the next state does not follow the one before");
      }
      StateHashes.requireRoom(now);
      Overlap overlap = Overlap.between(file, meta, now, all, fresh);
      gone.accept(overlap.gone());
      freed = overlap.gone().cardinality();
      overlap.apply(all);
      meta = now;
    }
    pin.drop(); // What it answers proves that both were held until now.
    return freed;
  }

  /** Lets go of it. */
  @Override
  public void close() throws IOException {
    try (pin;
        file) {
      // Both are closed, whatever one of them says.
    }
  }
}
