package org.example.stream.webdav;

import dev.stream.api.replica.ObjectBody;
import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** Bytes to be stored, and how many they are said to be. */
record Content(byte[] bytes, long size) implements ObjectBody {

  @Override
  public InputStream open() {
    return new ByteArrayInputStream(bytes);
  }
}
