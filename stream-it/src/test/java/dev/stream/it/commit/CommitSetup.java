package dev.stream.it.commit;

/** What a writer commits through. */
enum CommitSetup {
  PLAIN("without Stream", false, false, false, true),
  WRAPPED("through it, unobserved", true, false, false, true),
  CAPTURED("with Stream", true, true, false, true),
  FORCED("with Stream, shadowSync", true, true, true, true),
  PLAIN_DELAYED("without, H2's WRITE_DELAY", false, false, false, false),
  CAPTURED_DELAYED("with, H2's WRITE_DELAY", true, true, false, false);

  private final String description;
  private final boolean wrapped;
  private final boolean captured;
  private final boolean forced;
  private final boolean immediate;

  CommitSetup(
      String description, boolean wrapped, boolean captured, boolean forced, boolean immediate) {
    this.description = description;
    this.wrapped = wrapped;
    this.captured = captured;
    this.forced = forced;
    this.immediate = immediate;
  }

  String description() {
    return description;
  }

  boolean isCaptured() {
    return captured;
  }

  boolean isForced() {
    return forced;
  }

  /** What it is held against. */
  CommitSetup base() {
    return immediate ? PLAIN : PLAIN_DELAYED;
  }

  String url(Object database) {
    return "jdbc:h2:" + (wrapped ? "stream:" : "") + database + (immediate ? ";WRITE_DELAY=0" : "");
  }
}
