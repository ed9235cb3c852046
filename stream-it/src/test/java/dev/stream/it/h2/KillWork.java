package dev.stream.it.h2;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The transactions of a kill campaign: the same in every process, by seed, writer and number, so
 * that whoever knows the number of a writer's last transaction knows all its rows.
 */
record KillWork(long seed) {

  static final int WRITERS = 2;
  static final int TABLES = 3;
  private static final int LARGE = 2;

  /** A row of a writer. */
  record Cell(int table, int key) {}

  /** What a row becomes; {@code value} is null if it is deleted. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  record Put(Cell cell, byte @Nullable [] value) {}

  /** What a writer's transaction does; transactions count from 1. */
  List<Put> transaction(int writer, int number) {
    Random random = new Random((seed * 1_000_003 + writer) * 1_000_003 + number);
    List<Put> puts = new ArrayList<>();
    int count = random.nextInt(20) == 0 ? 50 : 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      int table = random.nextInt(8) == 0 ? LARGE : random.nextInt(LARGE);
      int key = random.nextInt(table == LARGE ? 10 : 120);
      byte[] value = new byte[table == LARGE ? 300 + random.nextInt(30_000) : random.nextInt(200)];
      random.nextBytes(value);
      puts.add(new Put(new Cell(table, key), random.nextInt(4) == 0 ? null : value));
    }
    return puts;
  }

  /** All rows of a writer after its transaction of this number. */
  Map<Cell, ByteBuffer> rows(int writer, int number) {
    Map<Cell, ByteBuffer> rows = new HashMap<>();
    for (int i = 1; i <= number; i++) {
      for (Put put : transaction(writer, i)) {
        if (put.value() == null) {
          rows.remove(put.cell());
        } else {
          rows.put(put.cell(), ByteBuffer.wrap(put.value()));
        }
      }
    }
    return rows;
  }
}
