package dev.stream.it.h2;

import dev.stream.api.database.Continuity;
import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.PageFlush;
import dev.stream.api.database.PageFlushObserver;
import dev.stream.api.database.PagedDatabase;
import dev.stream.source.h2.H2Config;
import dev.stream.source.h2.H2DatabaseProvider;
import dev.stream.source.h2.H2Stream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

/**
 * Pins an image while there is no room for what is overwritten meanwhile, in a virtual machine
 * whose temporary files are on a small disk. Says what becomes of the image and of the commits.
 *
 * <p>Arguments: the store's file, a file on the small disk that leaves no room.
 */
public final class FullTempMain {

  private FullTempMain() {}

  public static void main(String[] args) throws Exception {
    Path file = Path.of(args[0]);
    H2Stream.install();
    try (MVStore store =
        new MVStore.Builder().fileName("stream:" + file).autoCommitDisabled().open()) {
      store.setRetentionTime(0);
      overwrite(store, 50);
      try (PagedDatabase database = new H2DatabaseProvider().open(new H2Config(file))) {
        database.start(null, new Taker());
        try (DatabaseImage image = database.snapshot()) {
          overwrite(store, 200);
          System.out.println("while full: " + read(image));
        }
        Files.delete(Path.of(args[1]));
        try (DatabaseImage image = database.snapshot()) {
          byte[] before = Files.readAllBytes(file);
          overwrite(store, 20);
          boolean same = Arrays.equals(bytes(image), before);
          System.out.println("with room: " + (same ? "as it was" : "not as it was"));
        }
      }
      System.out.println("commits: " + store.openMap("m").size());
    }
  }

  private static void overwrite(MVStore store, int commits) {
    MVMap<Integer, byte[]> map = store.openMap("m");
    Random random = new Random(commits);
    for (int i = 0; i < commits; i++) {
      byte[] value = new byte[20_000];
      random.nextBytes(value);
      map.put(i % 10, value);
      store.commit();
    }
  }

  private static String read(DatabaseImage image) {
    try {
      return bytes(image).length + " bytes";
    } catch (IOException e) {
      return e.getMessage();
    }
  }

  private static byte[] bytes(DatabaseImage image) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) image.highWaterMark() * image.pageSize());
    image.read(1, (int) image.highWaterMark(), bytes);
    return bytes.array();
  }

  /** Takes everything and keeps nothing. */
  private static final class Taker implements PageFlushObserver {

    @Override
    public void onPageFlush(PageFlush flush) {}

    @Override
    public void onBase(DatabaseImage image, Continuity continuity) throws IOException {
      image.close();
    }

    @Override
    public void onNotice(String message) {}

    @Override
    public void onTrouble(String message) {
      System.out.println("trouble: " + message);
    }

    @Override
    public void onRecovered() {}
  }
}
