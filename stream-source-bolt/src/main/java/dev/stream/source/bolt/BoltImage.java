package dev.stream.source.bolt;

import dev.stream.api.database.DatabaseImage;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A state that was read and kept as a whole. */
final class BoltImage implements DatabaseImage {

  private final long txId;
  private final Reading reading;

  BoltImage(long txId, Reading reading) {
    this.txId = txId;
    this.reading = reading;
  }

  @Override
  public long txId() {
    return txId;
  }

  @Override
  public int pageSize() {
    return reading.meta().pageSize();
  }

  @Override
  public long highWaterMark() {
    return reading.meta().highWaterMark();
  }

  @Override
  public String position() {
    return reading.position();
  }

  @Override
  public void read(long firstPageId, int count, ByteBuffer target) throws IOException {
    if (firstPageId < 1 || count < 0 || firstPageId + count - 1 > highWaterMark()) {
      throw new IllegalArgumentException(
          "pages " + firstPageId + " to " + (firstPageId + count - 1) + " of " + highWaterMark());
    }
    int end = target.position() + count * pageSize();
    reading.read(firstPageId - 1, target.duplicate().limit(end));
    target.position(end);
  }

  @Override
  public String signature() throws IOException {
    BoltSignature now = reading.signature();
    return now == null ? "" : now.token();
  }

  @Override
  public Relation relationTo(String signature) throws IOException {
    BoltSignature before = BoltSignature.parse(signature);
    BoltSignature now = before == null ? null : reading.signature();
    return before == null || now == null ? Relation.UNKNOWN : now.relationTo(before);
  }

  @Override
  public void close() throws IOException {
    reading.close();
  }
}
