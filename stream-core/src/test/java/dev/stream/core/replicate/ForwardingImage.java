package dev.stream.core.replicate;

import dev.stream.api.database.DatabaseImage;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An image like another one. */
class ForwardingImage implements DatabaseImage {

  private final DatabaseImage image;

  ForwardingImage(DatabaseImage image) {
    this.image = image;
  }

  @Override
  public long txId() {
    return image.txId();
  }

  @Override
  public int pageSize() {
    return image.pageSize();
  }

  @Override
  public long highWaterMark() {
    return image.highWaterMark();
  }

  @Override
  public String position() {
    return image.position();
  }

  @Override
  public void read(long firstPageId, int count, ByteBuffer target) throws IOException {
    image.read(firstPageId, count, target);
  }

  @Override
  public String signature() throws IOException {
    return image.signature();
  }

  @Override
  public Relation relationTo(String signature) throws IOException {
    return image.relationTo(signature);
  }

  @Override
  public long heldBytes() throws IOException {
    return image.heldBytes();
  }

  @Override
  public void close() throws IOException {
    image.close();
  }
}
