package dev.stream.core.replicate;

import dev.stream.api.replica.ObjectBody;
import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** The content of an object of which only the name counts. */
public final class OneByte implements ObjectBody {

  @Override
  public long size() {
    return 1;
  }

  @Override
  public InputStream open() {
    return new ByteArrayInputStream(new byte[1]);
  }
}
