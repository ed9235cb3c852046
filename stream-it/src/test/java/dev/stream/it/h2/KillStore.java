package dev.stream.it.h2;

import dev.stream.it.h2.KillWork.Cell;
import dev.stream.it.h2.KillWork.Put;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** A store in which {@link KillWork} is done. Each writer is one thread. */
interface KillStore extends AutoCloseable {

  /** A kind of store. */
  enum Kind {
    SQL("app.mv.db"),
    MAPS("store.mv");

    private final String fileName;

    Kind(String fileName) {
      this.fileName = fileName;
    }

    /** The store's file. */
    Path file(Path folder) {
      return folder.resolve(fileName);
    }

    /** Opens it, creating it if need be. */
    KillStore open(Path file, String scheme) throws Exception {
      return this == SQL ? new SqlKillStore(file, scheme) : new MapKillStore(file, scheme);
    }
  }

  /** The number of a writer's last transaction. */
  int number(int writer) throws Exception;

  /** Does a transaction; durable when it returns. */
  void commit(int writer, int number, List<Put> puts) throws Exception;

  /** Does it and takes it back. */
  void undo(int writer, List<Put> puts) throws Exception;

  /** Has the store write out everything, to a steady state. */
  void checkpoint() throws Exception;

  /** Every row of a writer. */
  Map<Cell, ByteBuffer> rows(int writer) throws Exception;

  /** Closes it and has its file written anew. */
  void compactAndClose() throws Exception;

  @Override
  void close() throws SQLException;
}
