package dev.stream.it.h2;

/** Something done to H2, of which everything observable is noted. */
record Scenario(String name, Body body) {

  /** What is done, on one side. */
  interface Body {
    void run(Side side) throws Exception;
  }

  static Scenario script(String name, String text) {
    return new Scenario(name, side -> side.script(text));
  }

  @Override
  public String toString() {
    return name;
  }
}
