package dev.stream.testkit.replica;

/** A way to make a store unreachable, or refusing, and sound again. */
public interface Outage {

  /** From now on operations fail. */
  void begin() throws Exception;

  /** From now on they work again; what was stored is still there. */
  void end() throws Exception;
}
