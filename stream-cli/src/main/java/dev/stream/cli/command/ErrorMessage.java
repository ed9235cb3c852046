package dev.stream.cli.command;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** Says in a sentence why something failed. */
public final class ErrorMessage {

  private ErrorMessage() {}

  public static String of(Throwable e) {
    if (e instanceof CommandFailure || e instanceof IOException) {
      String limit = limit(e);
      return limit == null ? described(e) : limit;
    }
    if (e instanceof InterruptedException) {
      return "interrupted";
    }
    String limit = limit(e);
    return limit == null ? "internal error (--verbose shows where): " + e : limit;
  }

  /**
   * Which limit of the system was reached, and how it is raised; null if the failure is another
   * one.
   */
  private static @Nullable String limit(Throwable e) {
    Throwable cause = e;
    for (int depth = 0; cause != null && depth < 20; depth++) {
      String message = String.valueOf(cause.getMessage());
      if (message.contains("Too many open files")) {
        return "this process has as many files open as it may: raise the limit ('ulimit -n', or"
            + " LimitNOFILE of its service) to 1024 or more ("
            + cause
            + ")";
      }
      if (message.contains("unable to create native thread")) {
        return "this process has as many threads as it may: raise the limit ('ulimit -u',"
            + " TasksMax of its service, or the container's limit of processes) to 256 or more ("
            + cause
            + ")";
      }
      if (cause instanceof OutOfMemoryError) {
        return "the JVM is out of memory: give it more, as with STREAM_JAVA_OPTS=-Xmx512m ("
            + cause
            + ")";
      }
      if (cause instanceof NoClassDefFoundError || cause instanceof ClassNotFoundException) {
        if (message.startsWith("java")) {
          return "this Java lacks a module of the JDK that a plug-in uses: take the distribution"
              + " without a Java of its own, and a whole Java 17 or newer ("
              + cause
              + ")";
        }
        return "a part of Stream or of Java could not be loaded: the process may open too few"
            + " files ('ulimit -n', or LimitNOFILE of its service; 1024 or more are needed), or"
            + " the installation is not whole ("
            + cause
            + ")";
      }
      cause = cause.getCause();
    }
    return null;
  }

  /** The message of some file system exceptions is the path alone; their class is the reason. */
  private static String described(Throwable e) {
    String message = e.getMessage();
    if (e instanceof NoSuchFileException) {
      return "there is no " + message;
    }
    if (e instanceof AccessDeniedException) {
      return "access to " + message + " is denied";
    }
    return message == null ? e.toString() : message;
  }
}
