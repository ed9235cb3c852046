package dev.stream.source.bolt;

import dev.stream.api.database.Continuity;
import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.PageFlush;
import dev.stream.api.database.PageFlushObserver;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps nothing but the signatures that it is told. */
record SignatureListener(List<String> signatures) implements PageFlushObserver {

  SignatureListener() {
    this(new CopyOnWriteArrayList<>());
  }

  @Override
  public void onSignature(String signature) {
    signatures.add(signature);
  }

  @Override
  public void onBase(DatabaseImage image, Continuity continuity) throws IOException {
    image.close();
  }

  @Override
  public void onPageFlush(PageFlush flush) {}

  @Override
  public void onNotice(String message) {}

  @Override
  public void onTrouble(String message) {}

  @Override
  public void onRecovered() {}
}
