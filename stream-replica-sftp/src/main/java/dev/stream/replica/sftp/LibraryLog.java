package dev.stream.replica.sftp;

import java.util.Objects;
import net.schmizz.sshj.common.LoggerFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/**
 * Passes the library's log on as details: it reports every broken connection as an error of its
 * own, beside the exception that says the same to the one who has to deal with it.
 */
final class LibraryLog extends LegacyAbstractLogger implements LoggerFactory {

  private static final long serialVersionUID = 1L;

  private final transient Logger target;

  LibraryLog() {
    this(org.slf4j.LoggerFactory.getLogger("dev.stream.replica.sftp.library"));
  }

  LibraryLog(Logger target) {
    this.target = target;
    this.name = target.getName();
  }

  @Override
  public Logger getLogger(String name) {
    return this;
  }

  @Override
  public Logger getLogger(Class<?> type) {
    return this;
  }

  @Override
  public boolean isTraceEnabled() {
    return false;
  }

  /** The library has a message for every packet at this level. */
  @Override
  public boolean isDebugEnabled() {
    return false;
  }

  @Override
  public boolean isInfoEnabled() {
    return target.isDebugEnabled();
  }

  @Override
  public boolean isWarnEnabled() {
    return target.isDebugEnabled();
  }

  @Override
  public boolean isErrorEnabled() {
    return target.isDebugEnabled();
  }

  @Override
  protected @Nullable String getFullyQualifiedCallerName() {
    return null;
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level,
      @Nullable Marker marker,
      String pattern,
      Object @Nullable [] arguments,
      @Nullable Throwable thrown) {
    String message = MessageFormatter.basicArrayFormat(pattern, arguments);
    target.debug(Objects.requireNonNullElse(message, ""), thrown);
  }
}
