package dev.stream.it.backend;

/** What a server was asked for, counted by itself. One stored object is one put, however made. */
public record Requests(long puts, long lists) {

  Requests minus(Requests earlier) {
    return new Requests(puts - earlier.puts, lists - earlier.lists);
  }
}
